//! `prism doctor`: what is set up and what is missing, who would write and whether they
//! answer, and whether the store is whole. With `--repair` it mends what it can.

mod findings;
mod store;

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Context, Exit, Failure, ListFormat, output};
use crate::{
    fetch::Client,
    llm::{ListedPrice, ModelError},
    pipeline::{Engine, EngineError, ModelEngine},
    prompt::{Prompt, Purpose},
    settings::{ProviderName, Settings},
    text::one_line,
};
use findings::Findings;

/// Room for an answer of one word, and for what a model thinks before it.
const ROOM: usize = 512;

/// Longer than a model takes for one word.
const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Mend what can be mended from the revisions and their rows; needs the lock
    #[arg(long)]
    repair: bool,
    /// Read every document of the store, and check what each says of others
    #[arg(long)]
    verify_store: bool,
    /// Do not ask the model whether it answers, which costs a few tokens
    #[arg(long)]
    offline: bool,
    /// How the findings are shown
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let mut findings = Findings::new(args.format);
    let settings = match context.settings(Vec::new()) {
        Ok(settings) => settings,
        Err(failure) => {
            // Without settings it is not known which store and which model are meant.
            findings.failure("settings", &failure)?;
            return Ok(findings.exit());
        }
    };
    set_up(context, &settings, &mut findings)?;
    match context.network(&settings) {
        Ok(network) => {
            let asks = !args.offline && !context.is_replay();
            engines(context, &settings, &network.client, asks, &mut findings).await?;
        }
        Err(failure) => findings.failure("network", &failure)?,
    }
    store::look(context, &settings, &args, &mut findings).await?;
    Ok(findings.exit())
}

/// Settings, feeds, prompts and site rules.
fn set_up(context: &Context, settings: &Settings, findings: &mut Findings) -> Result<(), Failure> {
    match context.settings_file() {
        Some(path) => findings.ok("settings", format!("`{}`", path.display()))?,
        None => findings.warning(
            "settings",
            "there is no `prism.toml` here, so the defaults hold",
            "`prism init` writes one; `--config` names one elsewhere",
        )?,
    }
    match settings.feeds.len() {
        0 => findings.warning(
            "feeds",
            "none are configured",
            "`prism ingest` needs `[[feeds]]` with `url = \"…\"` in prism.toml",
        )?,
        n => findings.ok("feeds", format!("{n} configured"))?,
    }
    match context.library() {
        Ok(library) => {
            let names: Vec<_> = library
                .list()
                .iter()
                .map(|prompt| format!("{} {}", prompt.id, prompt.version))
                .collect();
            findings.ok("prompts", names.join(", "))?;
        }
        Err(failure) => findings.failure("prompts", &failure)?,
    }
    if let Err(failure) = context.sites(settings) {
        findings.failure("site rules", &failure)?;
    }
    Ok(())
}

/// Who writes and who judges, their keys, and whether they answer.
async fn engines(
    context: &Context,
    settings: &Settings,
    client: &Client,
    asks: bool,
    findings: &mut Findings,
) -> Result<(), Failure> {
    match Engine::from_settings(settings, context.keys()) {
        Ok(Some(engine)) => {
            findings.ok("engine", engine.to_string())?;
            key(context, settings, findings)?;
            if let Engine::Model(model) = &engine {
                price(settings, model, findings)?;
                answers("model", model, client, asks, findings).await?;
            }
        }
        Ok(None) => unset(context, settings, client, findings).await?,
        Err(error) => engine_error("engine", error, findings)?,
    }
    match ModelEngine::judge(settings, context.keys()) {
        Ok(None) => Ok(()),
        Ok(Some(judge)) => {
            findings.ok("judge", judge.to_string())?;
            price(settings, &judge, findings)?;
            answers("judge answers", &judge, client, asks, findings).await
        }
        Err(error) => engine_error("judge", error, findings),
    }
}

/// What the model costs, and where that is said.
fn price(settings: &Settings, model: &ModelEngine, findings: &mut Findings) -> Result<(), Failure> {
    if let Err(error) = model.bounded(settings) {
        let hint = error.hint().unwrap_or_default();
        // Where feeds are set up, somebody means to run `prism ingest`, which refuses it.
        return if settings.feeds.is_empty() {
            findings.warning("price", error.to_string(), hint)
        } else {
            findings.error("price", error.to_string(), hint)
        };
    }
    let Some(price) = model.price else {
        let message = "unknown, so costs are not counted";
        return findings.warning("price", message, "set `model.price`");
    };
    let listed = ListedPrice::of(model.vendor, &model.model);
    let from = match listed.filter(|listed| listed.price() == price) {
        Some(listed) => format!("as its vendor asked on {}", listed.as_of),
        None => "as the settings say".to_owned(),
    };
    let (input, output) = (price.input, price.output);
    findings.ok(
        "price",
        format!("${input} and ${output} for a million tokens in and out, {from}"),
    )
}

fn engine_error(
    name: &'static str,
    error: EngineError,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let name = match error {
        EngineError::NoKey { .. } | EngineError::Settings(_) if name == "engine" => "key",
        _ => name,
    };
    findings.failure(name, &error.into())
}

/// Where feeds are set up, somebody means to run `prism ingest`, which needs an engine.
async fn unset(
    context: &Context,
    settings: &Settings,
    client: &Client,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let mut message = "the settings name none, so `prism ingest` refuses to start".to_owned();
    if let Some(env) = context.keys()
        && let Ok(engine) = Engine::look_around(settings, env, client).await
    {
        message += &format!("; `prism analyze` would use {engine}");
    }
    let hint = EngineError::Unset.hint().unwrap_or_default();
    if settings.feeds.is_empty() {
        findings.warning("engine", message, hint)
    } else {
        findings.error("engine", message, hint)
    }
}

/// Where the key is; never what it is.
fn key(context: &Context, settings: &Settings, findings: &mut Findings) -> Result<(), Failure> {
    let (Some(env), Some(provider)) = (context.keys(), settings.model.provider) else {
        return Ok(());
    };
    let found = match settings.model.api_key(provider, env) {
        Ok(found) => found,
        Err(error) => return findings.failure("key", &error.into()),
    };
    if provider == ProviderName::Extractive {
        return findings.ok("key", "none is needed");
    }
    match (found, &settings.model.api_key_file) {
        (Some(key), Some(path)) => {
            use secrecy::ExposeSecret;
            let path = path.display();
            if key.expose_secret().is_empty() {
                let hint = "put the key into it, and nothing else";
                findings.error("key", format!("`{path}` is empty"), hint)
            } else {
                findings.ok("key", format!("there is one in `{path}`"))
            }
        }
        (Some(_), None) => {
            let named = settings.model.api_key_env.as_deref();
            let variable = named.or(provider.default_key_env()).unwrap_or_default();
            findings.ok("key", format!("`{variable}` is set"))
        }
        (None, _) => findings.ok("key", "none is set, and this server may need none"),
    }
}

/// Asks the model for one word, through the client that every call goes through.
async fn answers(
    name: &'static str,
    model: &ModelEngine,
    client: &Client,
    asks: bool,
    findings: &mut Findings,
) -> Result<(), Failure> {
    if !asks {
        return findings.ok(name, "not asked");
    }
    let mut request = model.provider.request(&one_word());
    request.limits.time = request.limits.time.min(PATIENCE);
    let began = Instant::now();
    let response = match client.once(request).await {
        Ok(response) => response,
        Err(error) => {
            let hint = error.hint().unwrap_or_else(|| {
                "check `model.base_url`, and that this machine may reach it".into()
            });
            return findings.error(name, format!("it was not reached: {error}"), hint);
        }
    };
    let seconds = began.elapsed().as_secs_f64();
    let (who, usage) = match model.provider.completion(&response) {
        Ok(completion) => (completion.model_answered, completion.usage),
        Err(error) => match error.usage() {
            // It answers, though nothing to read: that is for the real prompts to find out.
            Some(usage) => (None, usage),
            None => return refused(name, &error, findings),
        },
    };
    let who = who.map_or_else(|| "it".into(), |who| format!("`{}`", one_line(&who)));
    findings.ok(
        name,
        format!(
            "{who} answered in {seconds:.1} s; that took {} tokens in, {} out",
            usage.input, usage.output
        ),
    )
}

fn refused(name: &'static str, error: &ModelError, findings: &mut Findings) -> Result<(), Failure> {
    let hint = error.hint().unwrap_or_else(|| "try again later".into());
    match error {
        ModelError::RateLimit { .. }
        | ModelError::Overloaded { .. }
        | ModelError::Server { .. } => findings.warning(name, error.to_string(), hint),
        _ => findings.error(name, error.to_string(), hint),
    }
}

fn one_word() -> Prompt {
    Prompt {
        id: "doctor".into(),
        version: "1".into(),
        purpose: Purpose::Analysis,
        digest: String::new(),
        system: "Somebody wants to know whether you can be reached.".into(),
        user: "Answer with the JSON object {\"ok\": true} and nothing else.".into(),
        schema: json!({
            "type": "object",
            "properties": {"ok": {"type": "boolean"}},
            "required": ["ok"],
            "additionalProperties": false,
        }),
        candidates: Vec::new(),
        max_output_tokens: ROOM,
    }
}
