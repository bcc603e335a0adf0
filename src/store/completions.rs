//! What models said, kept under the digest of what they were asked, so that nothing
//! that was paid for is ever bought again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::End;
use crate::{
    llm::{Completion, Usage},
    text::sha256,
};

/// The digest of one call: provider, base URL, body, purpose and ordinal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletionKey(String);

impl CompletionKey {
    /// The key of a call. `ordinal` tells apart calls that ask the same on purpose: a
    /// restart has the old one and finds what was bought, a deliberate new attempt has
    /// a new one.
    pub fn new(provider: &str, url: &Url, body: &[u8], purpose: &str, ordinal: u64) -> Self {
        let mut body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        body.sort_all_objects();
        let asked = json!([provider, url, body, purpose, ordinal]);
        Self(sha256(asked.to_string().as_bytes()))
    }

    /// The key that [`Self::as_str`] gave.
    pub(super) fn from_digest(digest: &str) -> Self {
        Self(digest.to_owned())
    }

    /// The digest in hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn path(&self) -> String {
        format!("completions/{}.json", self.0)
    }
}

/// One bought answer, whether it was of use or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredCompletion {
    /// What the answer is for: `analysis`, `repair`, `analysis with more room`, ….
    pub purpose: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// What it cost in millionths of a US dollar; `None` where the price is unknown.
    #[serde(default)]
    pub cost_micro_dollars: Option<u64>,
    /// What the model said; `None` where the vendor gave nothing to read.
    pub completion: Option<Completion>,
    /// Why it is of no use, where it is not.
    pub unusable: Option<Unusable>,
}

/// Why a bought answer is of no use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unusable {
    /// The named reason.
    pub reason: String,
    /// In words.
    pub message: String,
    /// What it cost all the same.
    pub usage: Usage,
}

impl StoredCompletion {
    /// The tokens of the answer.
    pub fn usage(&self) -> Usage {
        match (&self.completion, &self.unusable) {
            (Some(completion), _) => completion.usage,
            (None, Some(unusable)) => unusable.usage,
            (None, None) => Usage::default(),
        }
    }

    /// How the purchase of this answer ends.
    pub fn end(&self) -> End {
        End::Settled(self.cost_micro_dollars.unwrap_or(0), self.usage())
    }

    pub(super) fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("a completion has only string keys");
        text.push('\n');
        text
    }
}
