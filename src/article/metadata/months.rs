//! Month names of the larger languages, full and short, in lower case.

/// The month that `word` (lower case) names.
pub(crate) fn number(word: &str) -> Option<i8> {
    let at = NAMES
        .iter()
        .position(|names| names.split(' ').any(|name| name == word))?;
    i8::try_from(at + 1).ok()
}

/// One line a month: English, German, French, Spanish, Portuguese, Italian, Dutch,
/// Nordic, Polish, Czech, Turkish, Russian, Ukrainian, Greek, Arabic, Hindi, Indonesian,
/// Romanian, Hungarian, Finnish.
const NAMES: [&str; 12] = [
    "january jan januar jänner jan janvier janv enero ene janeiro gennaio gen januari stycznia leden ledna ocak января янв січня ιανουαρίου يناير जनवरी ianuarie január január tammikuuta",
    "february feb februar feber février févr fév febrero fevereiro fev febbraio februari lutego února únor şubat февраля фев лютого φεβρουαρίου فبراير फरवरी februarie február helmikuuta",
    "march mar märz mrz mars marzo março maart mrt marts marca března mart марта мар березня μαρτίου مارس मार्च maret martie március maaliskuuta",
    "april apr avril avr abril abr aprile kwietnia dubna nisan апреля апр квітня απριλίου أبريل ابريل अप्रैल aprilie április huhtikuuta",
    "may mai mayo maio maggio mag mei maj maja května mayıs мая травня μαΐου مايو मई május toukokuuta",
    "june jun juni juin junio junho giugno giu czerwca června haziran июня июн червня ιουνίου يونيو जून iunie június kesäkuuta",
    "july jul juli juillet juil julio julho luglio lug lipca července temmuz июля июл липня ιουλίου يوليو जुलाई iulie július heinäkuuta",
    "august aug août aout agosto ago augustus augusti sierpnia srpna ağustos августа авг серпня αυγούστου أغسطس अगस्त agustus augusztus elokuuta",
    "september sep sept septembre septiembre setembro settembre set września září eylül сентября сен сент вересня σεπτεμβρίου سبتمبر सितंबर septembrie szeptember syyskuuta",
    "october oct oktober okt octobre octubre outubro ottobre ott out października října ekim октября окт жовтня οκτωβρίου أكتوبر اكتوبر अक्टूबर octombrie október lokakuuta",
    "november nov novembre noviembre novembro listopada listopadu kasım ноября ноя листопада νοεμβρίου نوفمبر नवंबर noiembrie marraskuuta",
    "december dec dezember dez décembre déc diciembre dic dezembro dicembre grudnia prosince aralık декабря дек грудня δεκεμβρίου ديسمبر दिसंबर desember des decembrie joulukuuta",
];

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_name_belongs_to_one_month() {
        for (month, names) in super::NAMES.iter().enumerate() {
            for name in names.split(' ') {
                assert_eq!(
                    number(name).map(|n| usize::try_from(n).unwrap_or(0)),
                    Some(month + 1),
                    "{name}"
                );
            }
        }
        assert_eq!(number("monday"), None);
    }
}
