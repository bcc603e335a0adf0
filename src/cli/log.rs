//! The log: which lines are written, and in which form. All of it goes to stderr.

use std::fmt;

use clap::ValueEnum;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter,
    filter::LevelFilter,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

use crate::report::talk;

/// In which form stderr speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    // No help for each: with it, the help of every command takes twice the lines.
    #[default]
    Text,
    Json,
}

/// Log lines go to stderr; `PRISM_LOG` chooses them (`prism=debug`), warnings otherwise.
pub(super) fn init(format: LogFormat) {
    let filter = EnvFilter::builder()
        .with_env_var("PRISM_LOG")
        .with_default_directive(LevelFilter::WARN.into())
        .from_env_lossy();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.compact().init(),
        LogFormat::Json => {
            talk::speak_json();
            lines.event_format(JsonLines).init();
        }
    }
}

struct JsonLines;

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut seen = Seen::default();
        event.record(&mut seen);
        let line = json!({
            "target": event.metadata().target(),
            "message": seen.message,
            "fields": seen.fields,
        });
        let level = level(*event.metadata().level());
        writeln!(writer, "{}", talk::json_line(Timestamp::now(), level, line))
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::ERROR => talk::Level::Error.as_str(),
        Level::WARN => talk::Level::Warning.as_str(),
        Level::INFO => talk::Level::Info.as_str(),
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// What an event holds.
#[derive(Default)]
struct Seen {
    message: String,
    fields: Map<String, Value>,
}

impl Seen {
    fn put(&mut self, field: &Field, value: Value) {
        self.fields.insert(field.name().to_owned(), value);
    }
}

impl Visit for Seen {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" {
            self.message = text;
        } else {
            self.put(field, text.into());
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.put(field, u64::try_from(value).unwrap_or(u64::MAX).into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }
}
