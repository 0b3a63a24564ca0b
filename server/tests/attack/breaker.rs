//! A true sentence in; the sentence broken mechanically, each with the way, out. What a swap of words can break stands in
//! one table; a sentence gets one broken twin per row that it meets.

/// Way, what stands in the sentence, what takes its place. Both are whole words with a space on either side.
const SWAPS: &[(&str, &str, &str)] = &[
    ("negation", " får inte ", " får "),
    ("negation", " ska inte ", " ska "),
    ("negation", " har inte ", " har "),
    ("negation", " är inte ", " är "),
    ("negation", " kan ", " kan inte "),
    ("negation", " ska ", " ska inte "),
    ("negation", " har rätt ", " har inte rätt "),
    ("figure", " två ", " tre "),
    ("figure", " tre ", " sex "),
    ("figure", " fyra ", " åtta "),
    ("figure", " sex ", " tolv "),
    ("figure", " dagar ", " veckor "),
    ("figure", " veckor ", " månader "),
    ("figure", " månader ", " år "),
    ("figure", " år ", " månader "),
    ("modality", " ska ", " bör "),
    ("modality", " ska ", " kan "),
    ("modality", " måste ", " bör "),
    ("modality", " måste ", " får "),
    ("modality", " får ", " ska "),
    ("modality", " får ", " bör "),
    ("modality", " kan ", " ska "),
    ("modality", " har rätt ", " bör ha rätt "),
    ("group", "Den som ", "Alla som inte "),
    ("group", "Barn ", "Alla "),
    ("group", " den enskilde ", " alla "),
    ("body", " nämnden ", " regionen "),
    ("body", " socialnämnden ", " domstolen "),
    ("body", "Socialnämnden ", "Regionen "),
    ("body", "Kommunen ", "Försäkringskassan "),
    ("body", " kommunen ", " regionen "),
    ("body", " förvaltningsrätten ", " socialnämnden "),
    ("body", "Myndigheten ", "Kommunstyrelsen "),
    ("body", "Handläggaren ", "Domstolen "),
    ("benefit", " hemtjänst ", " boendestöd "),
    ("benefit", " insatser ", " trygghetslarm "),
    ("benefit", " assistans ", " hemtjänst "),
    ("conjunction", " eller ", " och "),
    ("conjunction", " och ", " eller "),
    ("direction", " minst ", " högst "),
    ("direction", " högst ", " minst "),
    ("direction", " senast ", " tidigast "),
    ("direction", " före ", " efter "),
    ("direction", " efter ", " före "),
    ("direction", " innan ", " efter att "),
    ("direction", " under ", " över "),
    ("direction", " från ", " till "),
];

/// Claims that no quote of the set supports.
const CLAIMS: [&str; 3] = [
    " och beslutet kan inte överklagas",
    " och kostnaden betalas av staten",
    ", men bara under sommaren",
];

/// The sentence in every mechanically broken form that it allows.
pub fn breaks(sentence: &str, quotes: &[String]) -> Vec<(&'static str, String)> {
    let mut broken: Vec<(&'static str, String)> = SWAPS
        .iter()
        .filter(|(_, from, _)| sentence.contains(from))
        // A modal verb that the writer chose is not one that the quotes insist on.
        .filter(|(way, from, _)| *way != "modality" || quotes.iter().any(|quote| quote.contains(from)))
        .filter(|_| !sentence.contains(" får minst "))
        .map(|(way, from, to)| (*way, sentence.replacen(from, to, 1)))
        .filter(|(_, text)| !text.contains("inte inte"))
        .collect();
    let bare = sentence.trim_end_matches('.');
    broken.extend(CLAIMS.map(|claim| ("unsupported", format!("{bare}{claim}."))));
    if let Some(at) = [" när ", ", om ", ", dock "]
        .iter()
        .find_map(|word| sentence.find(word))
    {
        broken.push(("exception", format!("{}.", sentence[..at].trim_end_matches(','))));
    }
    broken.push((
        "reference",
        format!("Enligt 99 kap. 9 § SoL gäller följande: {sentence}"),
    ));
    broken
}
