//! `prism prompts`: the prompts by name, as files, and rendered for an article.

use clap::Subcommand;
use serde_json::json;
use url::Url;

use super::{
    Context, Exit, Failure, ListFormat,
    context::{Network, Unset},
    output,
};
use crate::{
    pack::Tokens,
    pipeline::{self, Engine, gather, gather::Input},
    prompt::Brief,
    story::Story,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// All prompts
    List {
        /// How the list is shown
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
    },
    /// The file of one prompt
    Show {
        /// Its id
        id: String,
    },
    /// The analysis prompt as a model would get it for this article
    Render {
        /// Addresses or files; several make one story
        #[arg(required = true, value_name = "URL|FILE")]
        inputs: Vec<String>,
        /// Where a single file came from
        #[arg(long, value_name = "URL")]
        url: Option<Url>,
        /// How the prompt is shown
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
    },
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    match args.command {
        Command::List { format } => list(context, format),
        Command::Show { id } => {
            output::print(&context.library()?.get(&id)?.source_text)?;
            Ok(Exit::Done)
        }
        Command::Render {
            inputs,
            url,
            format,
        } => render(context, inputs, url, format).await,
    }
}

fn list(context: &Context, format: ListFormat) -> Result<Exit, Failure> {
    for template in context.library()?.list() {
        match format {
            ListFormat::Json => output::json_line(&json!({
                "id": template.id,
                "version": template.version,
                "answer": template.answer,
                "variables": template.variables,
                "digest": template.digest,
            }))?,
            ListFormat::Text => output::print(&format!(
                "{:<10} v{:<3} {:<12} {}\n",
                template.id,
                template.version,
                template.answer,
                template.variables.join(", ")
            ))?,
        }
    }
    Ok(Exit::Done)
}

async fn render(
    context: &Context,
    inputs: Vec<String>,
    url: Option<Url>,
    format: ListFormat,
) -> Result<Exit, Failure> {
    let settings = context.settings(Vec::new())?;
    let sites = context.sites(&settings)?;
    let Network { client, clock } = context.network(&settings)?;
    let library = context.library()?;
    let mut articles = Vec::new();
    for typed in &inputs {
        let nothing = |message: String, hint| Failure::new(Exit::Nothing, message, hint);
        let input =
            Input::parse(typed).map_err(|error| nothing(error.to_string(), error.hint()))?;
        let max_bytes = settings.fetch.max_bytes;
        let page = gather::page(&input, url.as_ref(), &client, clock.as_ref(), max_bytes)
            .await
            .map_err(|error| nothing(error.to_string(), error.hint()))?;
        let retrieved = page.retrieved;
        let reading = gather::reading(page, &sites).await;
        let reading = input.whole(reading, &client, &sites).await;
        let article = gather::usable(typed, reading).map_err(|item| {
            nothing(
                format!("`{typed}` is no usable article: {}", item.message),
                None,
            )
        })?;
        articles.push((article, retrieved));
    }
    let story = Story::new(articles).expect("clap asks for at least one input");
    // No key is needed to look at a prompt: only the vendor's way of counting matters.
    let tokens = match context.engine(&settings, &client, Unset::LookAround).await {
        Ok(Engine::Model(model)) => model.tokens,
        _ => Tokens::for_provider("openai"),
    };
    let language = pipeline::output_language(&settings, &story.lead().article);
    let brief = Brief {
        house_style: &settings.house.style,
        categories: &settings.house.categories,
        language: &language,
        note: None,
        words: settings.house.words,
        max_output_tokens: settings.model.max_output_tokens,
    };
    let (prompt, excerpt) = pipeline::fitting_prompt(
        &library,
        tokens,
        settings.model.context_tokens,
        &story,
        &brief,
    )
    .await
    .map_err(|error| Failure::new(Exit::Nothing, &error, error.hint()))?;
    match format {
        ListFormat::Text => {
            output::print(&format!(
                "{}\n\n--- user ---\n\n{}\n",
                prompt.system, prompt.user
            ))?;
        }
        ListFormat::Json => output::json_line(&json!({
            "id": prompt.id,
            "version": prompt.version,
            "digest": prompt.digest,
            "system": prompt.system,
            "user": prompt.user,
            "schema": prompt.schema,
            "tokens": excerpt.parts.iter().map(|part| part.tokens).sum::<usize>(),
        }))?,
    }
    Ok(Exit::Done)
}
