//! `freehold config`: does the configuration hold, and what is in force.

use freehold_config::{Config, ConfigError, Environment, Setting};
use serde_json::json;

use super::up::house;
use crate::{
    arguments::{self, ConfigVerb},
    failure::{Answer, Failure},
    place::{Directory, load_config},
    render,
};

/// Runs `config check` or `config show`.
pub(crate) fn run(arguments: &arguments::Config) -> Result<Answer, Failure> {
    let environment = Environment::of_process();
    let directory = Directory::named(arguments.place.dir.as_deref(), &environment);
    let config = load_config(&arguments.place, &directory, environment, Vec::new());
    match arguments.verb {
        ConfigVerb::Check { json } => check(config, json),
        ConfigVerb::Show { origin, json } => {
            show(&config?, origin, json);
            Ok(Answer::Clean)
        }
    }
}

fn check(config: Result<Config, ConfigError>, json: bool) -> Result<Answer, Failure> {
    match config {
        Ok(config) if !unfit(&config).is_empty() => {
            let problems = unfit(&config);
            if json {
                let problems: Vec<_> = problems
                    .iter()
                    .map(|(place, text)| json!({ "place": place, "text": text, "help": null }))
                    .collect();
                render::json(&json!({ "ok": false, "problems": problems }));
            } else {
                render::line("the configuration cannot start");
                for (place, text) in problems {
                    render::line(format_args!("\n{place}: {text}"));
                }
            }
            Ok(Answer::Findings)
        }
        Ok(config) => {
            let file = config.file.as_ref().map(|file| file.display().to_string());
            if json {
                let digest = config.digest();
                render::json(
                    &json!({ "ok": true, "file": file, "digest": digest, "problems": [] }),
                );
            } else {
                let file = file.unwrap_or_else(|| "no file, hence the defaults".to_owned());
                render::line(format_args!("{} {file}", render::styled(render::DEED, "holds:")));
                render::line(format_args!("digest: {}", config.digest()));
            }
            Ok(Answer::Clean)
        }
        Err(ConfigError::Problems { problems }) => {
            if json {
                let problems: Vec<_> = problems
                    .iter()
                    .map(|problem| {
                        json!({
                            "place": problem.place.to_string(),
                            "text": problem.kind.to_string(),
                            "help": problem.kind.help(),
                        })
                    })
                    .collect();
                render::json(&json!({ "ok": false, "problems": problems }));
            } else {
                render::line(ConfigError::Problems { problems });
            }
            Ok(Answer::Findings)
        }
        Err(error) => Err(error.into()),
    }
}

/// What is well said and cannot be done on this machine: where, and what.
fn unfit(config: &Config) -> Vec<(String, String)> {
    let place = |value: &str| {
        let said = config.settings().iter().find(|setting| setting.value == value);
        said.map_or_else(String::new, |setting| setting.origin.to_string())
    };
    let mut problems = Vec::new();
    let own = config.models.iter().flat_map(|model| {
        let lora = model.lora.iter().map(|lora| (&lora.name, &lora.path));
        std::iter::once((&model.name, &model.path)).chain(lora)
    });
    for (name, path) in own.clone().filter(|(_, path)| !path.exists()) {
        let text = format!("model `{name}`: {} does not exist", path.display());
        problems.push((place(name), text));
    }
    let elsewhere = config.backends.iter().flat_map(|backend| &backend.models);
    let names = own.map(|(name, _)| name).chain(elsewhere.map(|model| &model.name));
    for name in names.filter(|name| house::MODELS.iter().any(|model| model.name == **name)) {
        let text = format!("model `{name}`: a model of this name comes with the program");
        problems.push((place(name), text));
    }
    problems
}

fn show(config: &Config, origin: bool, json: bool) {
    if json {
        let settings: Vec<_> = config
            .settings()
            .iter()
            .map(|setting| {
                json!({
                    "key": setting.key,
                    "value": setting.value,
                    "origin": setting.origin.to_string(),
                    "about": setting.about,
                })
            })
            .collect();
        render::json_pretty(&json!({ "digest": config.digest(), "settings": settings }));
        return;
    }
    let text = |setting: &Setting| format!("{} = {}", setting.key, setting.value);
    let width = config.settings().iter().map(|setting| text(setting).len()).max().unwrap_or(0);
    for setting in config.settings() {
        if origin {
            let origin = render::styled(render::SOFT, &setting.origin);
            render::line(format_args!("{:width$}  # {origin}", text(setting)));
        } else {
            render::line(text(setting));
        }
    }
}
