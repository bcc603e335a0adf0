//! The words by which speakers are found, several languages in one table each, in lower
//! case and sorted. A word belongs here when it says the same in every language that has
//! it, or when its place in the sentence keeps it from harm.

/// Verbs that report speech, in the forms that reports use.
pub(super) const VERBS: &[&str] = &[
    "added", "adds", "admits", "admitted", "advirtió", "afferma", "affirme", "affirmé",
    "afirma", "afirmou", "afirmó", "agregó", "ajoute", "ajouté", "announced", "antwortete",
    "anunció", "argued", "argues", "asegura", "aseguró", "asked", "asks", "assure", "assuré",
    "añade", "añadió", "bekräftigte", "berichtete", "betont", "betonte", "called", "calls",
    "claimed", "claims", "comenta", "comentó", "commented", "comments", "concluded",
    "concludes", "condemned", "confie", "confirmed", "confié", "continued", "countered",
    "cuenta", "declared", "declarou", "declaró", "described", "describes", "detto", "dice",
    "dichiarato", "dijo", "disse", "dit", "déclare", "déclaré", "détaille", "emphasised",
    "emphasized", "ergänzte", "erklärt", "erklärte", "erwiderte", "erzählt", "erzählte",
    "estime", "estimé", "explained", "explains", "explica", "explicou", "explicó", "explique",
    "expliqué", "forderte", "fügte", "gesagt", "indica", "indicó", "indique", "indiqué",
    "insisted", "insistió", "insists", "joked", "jokes", "kommentierte", "kritisierte",
    "lamented", "manifestó", "meint", "meinte", "mentioned", "noted", "notes", "observed",
    "poursuit", "powiedział", "powiedziała", "precisó", "promised", "précise", "précisé",
    "quipped", "raconte", "raconté", "rappelle", "recalled", "recalls", "recordó", "remarked",
    "remarks", "replied", "reported", "responded", "respondió", "rief", "sade", "sagt",
    "sagte", "said", "say", "says", "schreibt", "schrieb", "señaló", "sier", "sostuvo",
    "souligne", "souligné", "spiegato", "stated", "states", "stressed", "stresses", "subrayó",
    "suggested", "suggests", "säger", "teilte", "tells", "testified", "told", "tweeted",
    "unterstrich", "urged", "urges", "verteidigte", "vertelde", "vertelt", "warned", "warns",
    "warnt", "warnte", "went", "writes", "wrote", "zegt", "zei",
];

/// Words that may stand between a speaker and the verb.
pub(super) const HELPERS: &[&str] = &[
    "a", "afterwards", "also", "anschließend", "auch", "aussi", "avait", "avoir", "been",
    "dann", "earlier", "en", "ensuite", "est", "ett", "famously", "further", "ha", "había",
    "had", "har", "has", "hat", "hatte", "have", "heeft", "herself", "himself", "hinzu",
    "later", "now", "once", "recently", "reportedly", "s'est", "simply", "später", "también",
    "then", "today", "war", "wurde", "yesterday", "zudem",
];

/// Phrases that name the speaker right after them, each as its words.
pub(super) const ACCORDING: &[&[&str]] = &[
    &["according", "to"],
    &["d'après"],
    &["d’après"],
    &["laut"],
    &["secondo"],
    &["segundo"],
    &["según"],
    &["selon"],
    &["volgens"],
];

/// Pronouns that stand for the speaker.
pub(super) const PRONOUNS: &[&str] = &[
    "a-t-elle", "a-t-il", "ella", "elle", "er", "he", "hij", "hon", "il", "lei", "lui", "she",
    "sie", "zij", "él",
];

/// Verbs that carry their own subject, so that alone they mean "he said" or "she said".
pub(super) const BARE_VERBS: &[&str] = &[
    "afirmó", "agregó", "aseguró", "añadió", "declaró", "dijo", "disse", "explicó",
    "insistió", "señaló", "sostuvo",
];

/// Articles, which may begin a role.
pub(super) const ARTICLES: &[&str] = &[
    "a", "an", "das", "de", "der", "die", "een", "ein", "eine", "el", "het", "i", "il", "la",
    "las", "le", "les", "lo", "los", "o", "os", "the", "un", "una", "une", "uno",
];

/// Words after which a name is not the subject, but someone's or someone with another.
pub(super) const BINDERS: &[&str] = &[
    "about", "against", "al", "alongside", "among", "an", "and", "at", "au", "auf", "aus",
    "avec", "bei", "by", "chez", "con", "contra", "contre", "d", "de", "del", "des", "du",
    "durch", "e", "en", "et", "for", "from", "für", "gegen", "in", "into", "mit", "nach",
    "near", "o", "oder", "of", "on", "or", "ou", "over", "para", "por", "pour", "sobre",
    "than", "to", "toward", "und", "under", "van", "versus", "vom", "von", "vor", "with", "y",
    "zu", "zum", "zur", "à", "über",
];

/// Small words inside a name, when a capitalised one follows.
pub(super) const PARTICLES: &[&str] = &[
    "al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el",
    "ibn", "la", "le", "ter", "van", "von", "zu",
];

/// Words that show that marked words are a title or an inscription, not speech.
pub(super) const NOT_SPEECH: &[&str] = &[
    "album", "banner", "banners", "betitelt", "book", "buch", "dubbed", "entitled", "film",
    "genannt", "headline", "headlined", "intitulé", "intitulée", "labeled", "labelled",
    "magazine", "movie", "named", "namens", "nicknamed", "novel", "play", "podcast", "read",
    "reading", "roman", "series", "show", "sign", "signs", "slogan", "song", "titel",
    "titled", "titulada", "titulado", "word", "words",
];

/// Titles and roles that stand before a name.
pub(super) const TITLES: &[&str] = &[
    "activist", "actor", "actress", "admiral", "adviser", "advisor", "alcalde", "alcaldesa",
    "ambassador", "analyst", "archbishop", "attorney", "author", "baker", "bishop",
    "botschafter", "brigadier", "bundeskanzler", "bundeskanzlerin", "candidate", "capitán",
    "capt", "captain", "cardinal", "ceo", "chair", "chairman", "chairwoman", "chancellor",
    "chef", "chief", "coach", "col", "colonel", "commander", "commissaire", "commissioner",
    "congressman", "congresswoman", "constable", "correspondent", "councillor", "councilman",
    "councilor", "councilwoman", "counsel", "cpl", "dean", "deputy", "detective", "directeur",
    "director", "directora", "directrice", "doctor", "don", "doña", "dr", "economist",
    "editor", "engineer", "expert", "farmer", "father", "firefighter", "fisherman", "founder",
    "fr", "frau", "gen", "general", "gouverneur", "gov", "governor", "graf", "head", "herr",
    "historian", "hon", "inspector", "journalist", "judge", "justice", "kanzler", "kanzlerin",
    "king", "lady", "lawmaker", "lawyer", "leader", "librarian", "lieutenant", "lord", "lt",
    "madame", "maire", "maj", "major", "manager", "mayor", "minister", "ministerin",
    "ministra", "ministre", "ministro", "miss", "mme", "monsieur", "mother", "mp", "mr",
    "mrs", "ms", "nurse", "officer", "owner", "pastor", "player", "pope", "portavoz",
    "premier", "president", "president-elect", "presidenta", "presidente", "priest", "prime",
    "prince", "princess", "principal", "prof", "profesor", "profesora", "professor",
    "professora", "président", "présidente", "queen", "rabbi", "rep", "reporter",
    "representante", "representative", "researcher", "resident", "rev", "reverend",
    "scientist", "secretary", "sen", "senador", "senadora", "senator", "sergeant", "señor",
    "señora", "sgt", "sheikh", "sheriff", "signora", "sir", "sister", "spokesman",
    "spokesperson", "spokeswoman", "student", "superintendent", "supt", "teacher", "trainer",
    "treasurer", "vice", "vice-president", "vicepresidente", "witness", "writer",
];

/// Forms of address, which say nothing of what someone does.
pub(super) const ADDRESSES: &[&str] = &[
    "don", "doña", "dr", "frau", "herr", "lady", "madame", "miss", "mme", "monsieur", "mr",
    "mrs", "ms", "señor", "señora", "signora", "sir",
];

/// Abbreviations whose full stop ends no sentence.
pub(super) const ABBREVIATIONS: &[&str] = &[
    "capt", "col", "cpl", "dr", "fr", "gen", "gov", "hon", "jr", "lt", "maj", "mme", "mr", "mrs",
    "ms", "prof", "rep", "rev", "sen", "sgt", "sr", "sra", "st", "supt",
];

/// Endings of capitalised German roles, which are written as one word.
pub(super) const TITLE_ENDINGS: &[&str] = &[
    "anwalt", "anwältin", "autor", "autorin", "beauftragte", "beauftragter", "chef", "chefin",
    "direktor", "direktorin", "experte", "expertin", "forscher", "forscherin", "führer",
    "führerin", "kommissar", "kommissarin", "leiter", "leiterin", "meister", "meisterin",
    "minister", "ministerin", "präsident", "präsidentin", "rat", "richter", "richterin",
    "rätin", "sekretär", "sekretärin", "sprecher", "sprecherin", "trainer", "trainerin",
    "vorsitzende", "vorsitzender", "vorstand", "wirt", "wissenschaftler", "wissenschaftlerin",
];

/// Capitalised words that are no part of a name: those that begin sentences, days and
/// months.
pub(super) const NO_NAMES: &[&str] = &[
    "a", "aber", "after", "also", "although", "am", "an", "and", "april", "as", "asked", "at",
    "au", "auch", "auf", "august", "aujourd'hui", "avant", "because", "before", "bei", "but",
    "by", "cette", "con", "dabei", "dafür", "damit", "dann", "das", "de", "december", "dem",
    "den", "der", "des", "despite", "dezember", "die", "dienstag", "dies", "diese", "dieser",
    "domingo", "donnerstag", "during", "earlier", "ein", "eine", "el", "ella", "elle", "en",
    "er", "es", "et", "even", "every", "februar", "february", "for", "freitag", "friday",
    "from", "für", "gestern", "he", "her", "here", "heute", "his", "how", "however", "i",
    "if", "il", "ils", "im", "in", "is", "it", "its", "januar", "january", "jeudi", "jueves",
    "juli", "july", "june", "juni", "la", "las", "later", "laut", "le", "les", "like", "los",
    "lundi", "lunes", "mais", "many", "march", "mardi", "martes", "meanwhile", "mercredi",
    "mit", "mittwoch", "miércoles", "monday", "montag", "more", "most", "my", "märz", "nach",
    "no", "not", "november", "now", "october", "of", "oktober", "on", "once", "one", "or",
    "other", "our", "pero", "por", "pour", "samedi", "samstag", "saturday", "según", "seit",
    "selon", "september", "she", "sie", "since", "so", "some", "sonntag", "still", "sunday",
    "sábado", "that", "the", "their", "then", "there", "these", "they", "this", "those",
    "though", "thursday", "to", "today", "trotz", "tuesday", "two", "um", "un", "una", "und",
    "une", "until", "vendredi", "viernes", "vom", "von", "vor", "was", "we", "wednesday",
    "wenn", "what", "when", "where", "while", "who", "why", "wie", "wir", "with", "y",
    "yesterday", "yet", "you", "your", "zudem", "zum", "zur", "él", "über",
];

/// Verbs at the end of a Korean report of speech.
pub(super) const KOREAN_VERBS: &[&str] = &[
    "강조했다", "당부했다", "덧붙였다", "말했다", "밝혔다", "비판했다", "설명했다", "언급했다", "전했다", "주장했다", "지적했다",
];

/// Korean titles, which follow the name.
pub(super) const KOREAN_TITLES: &[&str] = &[
    "감독", "과장", "관장", "교수", "국장", "기자", "대변인", "대통령", "대표", "박사", "사무총장", "사장", "소장", "시장",
    "씨", "원장", "위원장", "의원", "이사장", "장관", "지사", "차관", "청장", "총리", "총장", "팀장", "회장",
];

/// Words that begin a clause or a phrase of place, and no role.
pub(super) const PREPOSITION_LIKE: &[&str] = &[
    "after", "als", "although", "as", "at", "because", "before", "but", "da", "dass",
    "during", "für", "if", "in", "on", "que", "qui", "since", "that", "though", "to", "und",
    "until", "weil", "when", "whereas", "which", "while", "who", "whom", "whose", "with", "à",
];

/// Verbs that show that words after a comma are a clause and no apposition.
pub(super) const COPULAS: &[&str] = &[
    "are", "can", "could", "did", "does", "era", "es", "est", "fue", "had", "has", "hat",
    "have", "is", "ist", "may", "might", "must", "should", "sind", "son", "sont", "war",
    "waren", "was", "were", "will", "wird", "would", "était",
];
