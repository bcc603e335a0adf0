//! Month names of the larger languages, full and short, in lower case; and which days
//! a page can mean.

use std::sync::LazyLock;

use jiff::civil;

/// The month that `word` (lower case) names.
pub(crate) fn number(word: &str) -> Option<i8> {
    let at = SORTED.binary_search_by_key(&word, |(name, _)| name).ok()?;
    Some(SORTED[at].1)
}

/// A day between the first news sites and the end of the century.
pub(crate) fn date(year: i16, month: i8, day: i8) -> Option<civil::Date> {
    (1990..2100)
        .contains(&year)
        .then(|| civil::Date::new(year, month, day).ok())
        .flatten()
}

/// All names with their months, sorted: words are looked up often.
static SORTED: LazyLock<Vec<(&str, i8)>> = LazyLock::new(|| {
    let mut names: Vec<_> = (1..)
        .zip(NAMES)
        .flat_map(|(month, names)| names.split(' ').map(move |name| (name, month)))
        .collect();
    names.sort_unstable();
    names
});

/// One line a month, sorted: the larger European languages, Arabic, Persian, Urdu, Hebrew,
/// Hindi, Bengali, Thai and Indonesian, as they stand in a date. A name that is another
/// month in another language (`listopada`) is only the one of the larger.
const NAMES: [&str; 12] = [
    "ene enero gen gener gennaio ianuarie jaanuar jan janeiro januar januari januarja january január januára janv janvier janúar jänner leden ledna ocak sausio siječnja stycznia tammikuuta ιανουαρίου січня янв января януари јануар בינואר ינואר جانفي جنوری يناير ژانویه जनवरी জানুয়ারি มกราคม",
    "feb febbraio feber febrer febrero februar februari februarie februarja february február februára febrúar fev fevereiro fevrier fév févr février helmikuuta lutego vasario veebruar veljače únor února şubat φεβρουαρίου лютого фебруар фев февраля февруари בפברואר פברואר فبراير فروری فوریه فيفري फरवरी ফেব্রুয়ারি กุมภาพันธ์",
    "března kovo maaliskuuta maart mar marca march maret mars mart martie marts marzo març março mrt mrz március märts märz ožujka μαρτίου березня мар марта במרץ מרס מרץ مارس مارچ मार्च মার্চ มีนาคม",
    "abr abril apr april aprila aprile aprilie aprill apríl apríla avr avril balandžio dubna huhtikuuta kwietnia nisan travnja április απριλίου апр апреля квітня אפריל באפריל آوریل أبريل أفريل ابريل اپریل अप्रैल এপ্রিল เมษายน",
    "gegužės května mag maggio mai maig maio maj maja may mayo mayıs maí mei mája május svibnja toukokuuta μαΐου май мая мај травня במאי מאי مئی ماي مايو مه मई মে พฤษภาคม",
    "birželio czerwca giu giugno haziran iunie juin jun june junho juni junija junio juny juuni júna június júní kesäkuuta lipnja června ιουνίου июн июня червня юни јун ביוני יוני جوان جون يونيو ژوئن जून জুন มิถุนายน",
    "heinäkuuta iulie juil juillet jul julho juli julija julio juliol july juuli júla július júlí liepos lipca lug luglio srpnja temmuz července ιουλίου июл июля липня юли јул ביולי יולי جولائی جويلية يوليو ژوئیه जुलाई জুলাই กรกฎาคม",
    "ago agost agosto agustus aout août aug august augusta augusti augustus augusztus avgusta ağustos elokuuta kolovoza rugpjūčio sierpnia srpna ágúst αυγούστου авг августа серпня אוגוסט באוגוסט أغسطس أوت اوت اگست अगस्त আগস্ট สิงหาคม",
    "eylül rugsėjo rujna sep sept september septembra septembre septembrie septiembre set setembre setembro settembre syyskuuta szeptember września září σεπτεμβρίου вересня сен сент сентября септембар септември בספטמבר ספטמבר سبتمبر ستمبر سپتامبر सितंबर সেপ্টেম্বর กันยายน",
    "ekim lokakuuta oct october octobre octombrie octubre okt oktober oktobra oktoober október októbra ott ottobre out outubro października spalio října οκτωβρίου жовтня окт октобар октомври октября אוקטובר באוקטובר أكتوبر اكتوبر اکتبر اکتوبر अक्टूबर অক্টোবর ตุลาคม",
    "kasım lapkričio listopada listopadu marraskuuta noiembrie nov november novembra novembre novembro noviembre nóvember studenog studenoga νοεμβρίου листопада новембар ноември ноя ноября בנובמבר נובמבר نوامبر نوفمبر نومبر नवंबर নভেম্বর พฤศจิกายน",
    "aralık dec december decembra decembre decembrie des desember desembre detsember dez dezember dezembro dic dicembre diciembre déc décembre grudnia gruodžio joulukuuta prosince δεκεμβρίου грудня дек декабря декември децембар בדצמבר דצמבר دسامبر دسمبر ديسمبر दिसंबर ডিসেম্বর ธันวาคม",
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
