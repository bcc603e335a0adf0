//! `prism init`: a settings file to begin with. Nothing in it is decided for the house but
//! the defaults: who writes is a line to choose.

use std::{
    fs::File,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use super::{Context, Exit, Failure, output};

const TEMPLATE: &str = include_str!("init.toml");

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Exit, Failure> {
    let path = context
        .config()
        .map_or_else(|| PathBuf::from("prism.toml"), Path::to_owned);
    let written = if args.force {
        output::replace_file(&path, |file| file.write_all(TEMPLATE.as_bytes()))
    } else {
        File::create_new(&path).and_then(|mut file| file.write_all(TEMPLATE.as_bytes()))
    };
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Failure::new(
                Exit::Usage,
                format!("`{}` is there already", path.display()),
                Some("`--force` writes over it; `--config` names another file".into()),
            ));
        }
        Err(error) => return Err(Failure::io("write", &path, &error)),
    }
    output::say(&format!(
        "wrote `{}`\nchoose a provider in it and name a feed; then `prism doctor` says what is missing\n",
        path.display()
    ));
    Ok(Exit::Done)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::settings::{Origins, ProviderName, Settings};

    fn load(text: &str) -> Settings {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prism.toml");
        std::fs::write(&path, text).unwrap();
        Settings::load(&Origins {
            config: Some(path),
            ..Origins::default()
        })
        .unwrap()
    }

    #[test]
    fn the_file_loads_and_holds_the_defaults() {
        assert_eq!(load(TEMPLATE), Settings::default());
    }

    #[test]
    fn every_line_that_is_commented_out_loads_too() {
        let mut last = Settings::default();
        for provider in ["openai", "anthropic", "gemini", "ollama", "extractive"] {
            let chosen = format!("#provider = \"{provider}\"");
            assert!(TEMPLATE.contains(&chosen), "{provider}");
            let lines = TEMPLATE.lines().map(|line| match line.strip_prefix('#') {
                Some(rest) if line.starts_with(&chosen) || !rest.starts_with([' ', 'p']) => rest,
                Some(rest) if rest.starts_with("price") => rest,
                _ => line,
            });
            last = load(&lines.collect::<Vec<_>>().join("\n"));
            assert_eq!(last.model.provider.unwrap().as_str(), provider);
        }
        assert_eq!(last.model.provider, Some(ProviderName::Extractive));
        assert!(last.model.price.is_some() && last.model.api_key_file.is_some());
        assert_eq!(last.feeds.len(), 1);
    }
}
