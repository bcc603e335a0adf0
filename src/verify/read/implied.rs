//! What a name is plain from: the towns of a region, the capital of a country, the
//! nickname or ground of a team, the short form of a body (`words/implied.txt`: a line
//! for each name, with its signs; a capital has a star).

use std::{collections::HashMap, sync::LazyLock};

use foldhash::fast::FixedState;

use super::lexicon::same_name;

/// Names from which the folded `name` of one or more words may follow, folded as well: for
/// a country its regions and cities, then the towns of its regions.
pub(in crate::verify) fn signs(name: &str) -> Vec<&'static str> {
    // From the country to the region, from there to the town.
    const STEPS: usize = 2;
    let mut found: Vec<&str> = own_signs(name).collect();
    let mut last = 0..found.len();
    for _ in 1..STEPS {
        let further: Vec<&str> = found[last.clone()]
            .iter()
            .flat_map(|sign| same_name(sign, false).chain(own_signs(sign)))
            .collect();
        last = found.len()..found.len() + further.len();
        found.extend(further);
    }
    found
}

/// The countries of which the folded `name` is the capital.
pub(in crate::verify) fn countries_of_capital(name: &str) -> impl Iterator<Item = &'static str> {
    let lines = IMPLIED.iter();
    let is_capital = move |signs: &[&str]| {
        let mut signs = signs.iter();
        signs.any(|sign| sign.strip_prefix(CAPITAL) == Some(name))
    };
    lines
        .filter(move |(_, signs)| is_capital(signs))
        .map(|(country, _)| *country)
}

/// Stands before the capital among the signs of a country.
const CAPITAL: char = '*';

fn own_signs(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    let of = |name: &str| IMPLIED.get(name).map_or(&[][..], Vec::as_slice).iter();
    let forms = same_name(name, false).flat_map(of);
    of(name)
        .chain(forms)
        .map(|sign| sign.trim_start_matches(CAPITAL))
}

static IMPLIED: LazyLock<HashMap<&'static str, Vec<&'static str>, FixedState>> =
    LazyLock::new(|| {
        include_str!("words/implied.txt")
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(name, signs)| (name, signs.split(", ").collect()))
            .collect()
    });

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::read::normal::fold;

    #[test]
    fn every_line_is_folded_and_has_signs() {
        let mut names = std::collections::HashSet::new();
        for line in include_str!("words/implied.txt").lines() {
            assert_eq!(line, fold(line));
            let (name, signs) = line.split_once(" = ").unwrap_or_default();
            assert!(!name.is_empty() && !signs.is_empty(), "{line}");
            assert!(names.insert(name), "{line}");
        }
    }

    #[test]
    fn a_country_follows_from_the_town_of_a_region() {
        assert!(signs("american").contains(&"provo"));
        assert!(signs("british").contains(&"scottish"));
        assert!(signs("metropolitan").contains(&"met"));
        assert!(signs("varnholt").is_empty());
        assert_eq!(
            countries_of_capital("bucharest").collect::<Vec<_>>(),
            ["romania"]
        );
    }
}
