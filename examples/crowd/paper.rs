//! A made-up paper: each article has facts of its own, all drawn from its number, and an
//! analysis that holds nothing but those facts. The test that kills runs reads it too.

use serde_json::{Value, json};

const TOWNS: [&str; 16] = [
    "Almarsk",
    "Brenwick",
    "Carrowby",
    "Dunmere",
    "Eskfold",
    "Farholm",
    "Garlund",
    "Hexmoor",
    "Ivelsund",
    "Jarnvale",
    "Kelsmouth",
    "Lorvik",
    "Marstrand",
    "Norfleet",
    "Ostermoor",
    "Pellham",
];
const WORKS: [&str; 8] = [
    "bridge",
    "library",
    "tramway",
    "reservoir",
    "school",
    "harbour wall",
    "hospital",
    "market hall",
];
const FIRST: [&str; 12] = [
    "Agnes", "Bertil", "Clara", "Dorian", "Edda", "Fergus", "Greta", "Hannes", "Ingrid", "Jonas",
    "Karin", "Lionel",
];
const LAST: [&str; 14] = [
    "Abelin",
    "Borrow",
    "Carvell",
    "Dahlsten",
    "Eskander",
    "Fennimore",
    "Gavrell",
    "Holmquist",
    "Ibsworth",
    "Jernigan",
    "Kestrell",
    "Lundgrave",
    "Morrant",
    "Nyberg",
];
const MONTHS: [&str; 6] = [
    "January",
    "February",
    "March",
    "April",
    "September",
    "October",
];

/// One article, as far as it differs from the others.
pub(crate) struct Article {
    pub(crate) nth: usize,
    town: &'static str,
    work: &'static str,
    chair: String,
    critic: String,
    month: &'static str,
    millions: u64,
    fund: u64,
    ayes: u64,
    noes: u64,
    workers: u64,
    letters: u64,
}

impl Article {
    /// The article of this number, the same every time.
    pub(crate) fn new(nth: usize) -> Self {
        let mut draw = Draw::new(nth as u64);
        let name = |draw: &mut Draw| format!("{} {}", draw.of(&FIRST), draw.of(&LAST));
        Self {
            nth,
            town: draw.of(&TOWNS),
            work: draw.of(&WORKS),
            chair: name(&mut draw),
            critic: name(&mut draw),
            month: draw.of(&MONTHS),
            millions: draw.between(31, 96),
            fund: draw.between(5, 29),
            ayes: draw.between(18, 40),
            noes: draw.between(3, 17),
            workers: draw.between(110, 980),
            letters: draw.between(1100, 9800),
        }
    }

    /// The number of the article that a prompt is about: it stands in the text.
    pub(crate) fn asked_for(prompt: &str) -> Option<Self> {
        let (_, rest) = prompt.split_once("file R-")?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some(Self::new(digits.parse().ok()?))
    }

    fn title(&self) -> String {
        let Self {
            town,
            work,
            millions,
            ..
        } = self;
        format!("{town} votes for a new {work} at a cost of €{millions} million")
    }

    fn paragraphs(&self) -> [String; 7] {
        let Self {
            nth,
            town,
            work,
            chair,
            critic,
            month,
            ..
        } = self;
        let Self {
            millions,
            fund,
            ayes,
            noes,
            workers,
            letters,
            ..
        } = self;
        [
            format!("The council of {town} has decided to build a new {work} for €{millions} million. After a debate of several hours, {ayes} members voted for the plan and {noes} against it. The matter is kept as file R-{nth} in the town hall."),
            format!("The national fund for public works has promised €{fund} million. The rest is to come from a loan that the town means to pay back over the next decades, and from what it gets for two plots of land beside the old railway yard."),
            format!("“We have waited for this longer than most of us have been in office, and the plan is sound,” said {chair}, who leads the council. She had asked all parties for their support before the meeting began."),
            format!("Building is to start in {month}. The firm that won the contract expects to employ {workers} people on the site and has said that it will take on apprentices from the neighbourhood. Traffic on the ring road is to be led past the site in both directions for as long as the work goes on."),
            format!("Not everybody in {town} is content. {critic}, who speaks for the shopkeepers of the old quarter, fears that customers will stay away while the streets are closed. The group handed over {letters} letters of protest before the vote and asked for a second opinion on the costs."),
            format!("The engineers of the town answered that the ground had been examined twice. They admitted that nobody could say how high the water would stand in spring, and that a flood would put off the work on the {work}."),
            "What will become of the old building is not settled. A committee is to make a proposal, and residents can look at the drawings in the town hall until the end of the month. The contract has yet to be signed.".to_owned(),
        ]
    }

    /// The page, with what stands around the text of such a page.
    pub(crate) fn page(&self, host: &str) -> String {
        let (title, nth) = (self.title(), self.nth);
        let paragraphs = self.paragraphs();
        let paragraphs = paragraphs.iter().map(|text| format!("<p>{text}</p>\n"));
        let text = paragraphs.collect::<Vec<_>>().concat();
        let links = |kind: &str| -> String {
            let link = |at| format!("<li><a href=\"/{kind}/{at}\">More of our {kind}</a></li>\n");
            (1..20).map(link).collect()
        };
        let (menu, more) = (links("sections"), links("stories"));
        format!(
            "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
             <title>{title} - The Crowd Gazette</title>\n\
             <link rel=\"canonical\" href=\"http://{host}/article/{nth}\">\n\
             <meta property=\"og:title\" content=\"{title}\">\n\
             <meta property=\"og:site_name\" content=\"The Crowd Gazette\">\n\
             <meta property=\"article:published_time\" content=\"{DATE}\">\n\
             <style>.story{{max-width:40em}} nav li{{display:inline}}</style></head>\n\
             <body><header><nav><ul>{menu}</ul></nav></header>\n<main><article class=\"story\">\
             <h1>{title}</h1>\n<p class=\"byline\">By Orla Penwright</p>\
             <time datetime=\"{DATE}\">18 November 2026</time>\n{text}</article>\n\
             <aside><h2>Read on</h2><ul>{more}</ul></aside></main>\
             <footer><p>The Crowd Gazette, a paper that does not exist.</p></footer></body></html>\n"
        )
    }

    /// Its item in a feed.
    pub(crate) fn item(&self, host: &str) -> String {
        let (title, nth) = (self.title(), self.nth);
        format!(
            "<item><title>{title}</title><link>http://{host}/article/{nth}</link>\
             <guid isPermaLink=\"false\">gazette-{nth}</guid>\
             <pubDate>Wed, 18 Nov 2026 07:15:00 +0000</pubDate></item>\n"
        )
    }

    /// What a model that does as it is told writes of it.
    pub(crate) fn answer(&self) -> Value {
        let Self {
            town,
            work,
            chair,
            critic,
            month,
            ..
        } = self;
        let Self {
            millions,
            fund,
            ayes,
            noes,
            workers,
            letters,
            ..
        } = self;
        json!({
            "category": "Politics",
            "keyphrase": format!("new {work}"),
            "title": format!("{town} backs a new {work} by {ayes} votes to {noes}"),
            "summary": format!("A new {work} for €{millions} million won a majority in the council of {town}."),
            "lede": format!("{chair} got what she wanted: {ayes} councillors are in favour. For the shops of the old quarter, hard times may lie ahead."),
            "sections": [
                {"heading": format!("How the new {work} is paid for"), "paragraphs": [
                    format!("Of the €{millions} million, a national fund bears €{fund} million. A loan and the sale of land are meant to cover what remains."),
                    format!("From {month} on, {workers} people are to work there.")
                ]},
                {"heading": "What is still open", "paragraphs": [
                    format!("{critic} and {letters} letters could not stop it. The old building has no future use yet, and no signature stands under the contract.")
                ]}
            ],
            "quote": 1,
            "quote_after": 1
        })
    }
}

/// When everything appeared.
const DATE: &str = "2026-11-18T07:15:00Z";

/// Numbers that follow from a seed (splitmix64).
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.next() % (most - least + 1)
    }

    fn of(&mut self, words: &[&'static str]) -> &'static str {
        let at = self.between(0, words.len() as u64 - 1);
        words[usize::try_from(at).expect("no longer than the list")]
    }
}
