//! The stages that need no network, on a small, a medium and a large page: extract, pack,
//! render the prompt, check.
//!
//! `cargo bench` runs them; `cargo bench -- pack` one group.

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use prism::{
    article, extractive,
    fetch::Page,
    pack::{self, Tokens},
    prompt::{self, Brief, Library},
    settings::House,
    story::Story,
    verify,
};

/// About 300, 900 and 5,200 words.
const PAGES: [(&str, &str); 3] = [
    (
        "small",
        "kestrel-valley-news.example/sport/brennick-torv-cup.html",
    ),
    (
        "medium",
        "kestrel-valley-news.example/local/brennick-glass.html",
    ),
    (
        "large",
        "meridian-post.example/investigations/the-night-the-anvil-rose.html",
    ),
];

/// Room for the source, in tokens: the large page does not fit.
const BUDGET: usize = 4_000;

fn page(path: &str) -> Page {
    let file = format!("{}/fixtures/pages/{path}", env!("CARGO_MANIFEST_DIR"));
    Page {
        url: format!("http://{path}").parse().ok(),
        status: 200,
        content_type: None,
        body: Bytes::from(std::fs::read(file).expect("the fixture is there")),
        retrieved: Timestamp::UNIX_EPOCH,
    }
}

fn stages(criterion: &mut Criterion) {
    let house = House::default();
    let brief = Brief {
        house_style: &house.style,
        categories: &house.categories,
        language: "en",
        note: None,
        words: house.words,
        max_output_tokens: 4_000,
    };
    let library = Library::builtin();
    let tokens = Tokens::for_provider("openai");
    Tokens::warm_up();
    for (size, path) in PAGES {
        let page = page(path);
        let article = article::extract(&page).article;
        let story = Story::new(vec![(article, page.retrieved)]).expect("one article is a story");
        let excerpt = pack::pack(&story, BUDGET, &tokens);
        let draft = extractive::draft(&story, &house.categories);
        let mut bench = |stage: &str, work: &mut dyn FnMut()| {
            criterion.bench_function(&format!("{stage}/{size}"), |b| b.iter(&mut *work));
        };
        bench("extract", &mut || drop(article::extract(&page)));
        bench("pack", &mut || drop(pack::pack(&story, BUDGET, &tokens)));
        bench("render", &mut || {
            drop(prompt::analysis(&library, &story, &excerpt, &brief));
        });
        bench("check", &mut || {
            let limits = verify::CopyLimits::default();
            drop(verify::check(draft.clone(), &story, limits));
        });
        bench("extractive", &mut || {
            drop(extractive::draft(&story, &house.categories));
        });
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
