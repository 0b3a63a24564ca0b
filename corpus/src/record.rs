//! How a text came to be, as the text itself says: the decision that adopted it, or the case that it settles.
//!
//! The list of sources says what a document is; a record is read out of its pages. Everything in it may be missing, and
//! nothing in it changes when a text applies: that is the list's to say, after a person has looked.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reference::successors::Place;

/// What a document tells about its own making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Record {
    /// A guideline, routine or regulation that a board or an authority adopted.
    Adoption(Adoption),
    /// A judgment or a supervisory decision.
    Case(Case),
}

/// Decision data (beslutsuppgifter) of a guideline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// Beslutad av: "Omsorgsnämnden".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted_by: Option<String>,
    /// The day of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted_on: Option<Date>,
    /// Registration number (diarienummer).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diarienummer: Option<String>,
    /// What it replaces, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// Last day on which it applies; `None` also for "tills vidare".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

/// The case behind a judgment (avgörande) or a supervisory decision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Court or authority: "Kammarrätten i Göteborg", "JO".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub court: Option<String>,
    /// Case number (målnummer, diarienummer): "1234-25".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The day of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Date>,
    /// Name in a collection of judgments: "HFD 2021 ref. 61".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referat: Option<String>,
    /// How it ended for the person whose right was at stake; `None` where the text does not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The provisions it interprets, most named first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provisions: Vec<Place>,
}

/// How a case ended, seen from the person whose right was at stake and not from whoever appealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The person got what the case was about.
    Granted,
    /// The person got a part of it.
    PartlyGranted,
    /// The person did not get it.
    Denied,
    /// Sent back (återförvisat) for a new examination.
    Remitted,
    /// A supervisory body criticised the authority.
    Criticised,
    /// A supervisory body found nothing to criticise.
    NotCriticised,
}

/// Which part of a case a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CasePart {
    /// What the case is about (frågan i målet).
    Question,
    /// What happened, and what the parties want.
    Background,
    /// The rules that the court goes by.
    Rules,
    /// Why the court decides as it does (skälen).
    Reasoning,
    /// What it decides (domslut).
    Outcome,
}
