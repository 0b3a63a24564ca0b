//! Where the Qdrant server is; what may not be spoken in the clear, and the key that is in no file.

use serde::Deserialize;

use crate::index::IndexError;

/// Where the Qdrant server is and how to speak with it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Address of its gRPC port: `https://qdrant.example:6334`.
    pub url: String,
    /// Name of the environment variable that holds the API key, if the server wants one. The key itself is in no file.
    #[serde(default)]
    pub api_key_env: Option<String>,
    /// First part of the collections' names, and the name of the alias.
    #[serde(default = "default_name")]
    pub name: String,
    /// Allows `http://` to another machine: key and vectors then cross the network readable.
    #[serde(default)]
    pub allow_plaintext: bool,
    /// On how many nodes of a cluster each collection lies.
    #[serde(default = "default_replicas")]
    pub replicas: u32,
}

fn default_name() -> String {
    "lotsen".to_owned()
}

fn default_replicas() -> u32 {
    1
}

impl ServerSettings {
    /// Only this machine may be spoken with in the clear, unless the settings say so.
    pub(super) fn check_transport(&self) -> Result<(), IndexError> {
        let wrong = |reason: &str| {
            Err(IndexError::Setting {
                setting: "url",
                reason: reason.to_owned(),
            })
        };
        let Some(rest) = self.url.strip_prefix("http://") else {
            return if self.url.starts_with("https://") {
                Ok(())
            } else {
                wrong("must begin with https:// or http://")
            };
        };
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let host = host
            .strip_prefix('[')
            .map_or_else(|| host.split(':').next(), |v6| v6.split(']').next());
        let is_local = matches!(host, Some("localhost" | "127.0.0.1" | "::1"));
        if is_local || self.allow_plaintext {
            Ok(())
        } else {
            wrong(
                "use https:// for another machine, or set allow_plaintext = true if the network between is yours alone",
            )
        }
    }

    /// The key from the environment, if the settings name a variable for it.
    pub(super) fn api_key(&self) -> Result<Option<String>, IndexError> {
        let Some(variable) = &self.api_key_env else {
            return Ok(None);
        };
        match std::env::var(variable) {
            Ok(key) if !key.is_empty() => Ok(Some(key)),
            _ => Err(IndexError::Setting {
                setting: "api_key_env",
                reason: format!("the environment variable {variable} is not set or empty"),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> ServerSettings {
        ServerSettings {
            url: url.to_owned(),
            api_key_env: None,
            name: default_name(),
            allow_plaintext: false,
            replicas: 1,
        }
    }

    #[test]
    fn another_machine_is_spoken_with_in_secret() {
        for url in [
            "https://qdrant.example:6334",
            "http://localhost:6334",
            "http://127.0.0.1:1",
            "http://[::1]:6334",
        ] {
            assert!(settings(url).check_transport().is_ok(), "{url}");
        }
        for url in [
            "http://qdrant.example:6334",
            "http://localhost.example",
            "http://10.0.0.1",
            "qdrant:6334",
        ] {
            assert!(settings(url).check_transport().is_err(), "{url}");
        }
        let allowed = ServerSettings {
            allow_plaintext: true,
            ..settings("http://10.0.0.1:6334")
        };
        assert!(allowed.check_transport().is_ok());
    }

    #[test]
    fn a_key_that_is_not_set_is_named() {
        let settings = ServerSettings {
            api_key_env: Some("LOTSEN_NO_SUCH_KEY".into()),
            ..settings("http://localhost:6334")
        };
        let error = settings.api_key().unwrap_err().to_string();
        assert!(error.contains("LOTSEN_NO_SUCH_KEY"), "{error}");
    }
}
