//! `prism extract`: the account of `--explain`, and articles over several pages.

use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path, query_param, query_param_is_missing},
};

use super::common::{Prism, fixture};

#[test]
fn explain_accounts_for_each_block_of_the_page() {
    let file = fixture("extract/split-siblings.html").display().to_string();
    let prism = Prism::new();
    let lines = prism
        .run(["extract", "--explain", &file])
        .expect(0)
        .json_lines();
    let account = &lines[0]["explanation"];
    assert!(account["share"].as_f64().unwrap() > 0.5, "{account}");
    assert!(!account["container"].as_str().unwrap().is_empty());
    let blocks = account["blocks"].as_array().unwrap();
    let text = lines[0]["text"].as_str().unwrap();
    for block in blocks {
        let taken = block["taken"].as_bool().unwrap();
        assert_eq!(
            taken,
            block["why"].as_str().unwrap().is_empty(),
            "what was cut has a reason: {block}"
        );
        if taken {
            assert!(text.contains(block["text"].as_str().unwrap()), "{block}");
        }
    }
    let cut = |words: &str| {
        blocks
            .iter()
            .any(|block| block["taken"] == false && block["text"].as_str().unwrap().contains(words))
    };
    assert!(cut("garden hoses"));

    // For a person the account goes to standard error, and the text stays data.
    let ran = prism
        .run(["extract", "--explain", "--format", "text", &file])
        .expect(0)
        .says("article in `");
    assert_eq!(ran.stdout.trim_end(), text);
}

fn part(paragraphs: &[&str], links: &str) -> ResponseTemplate {
    let paragraphs: String = paragraphs
        .iter()
        .map(|paragraph| ["<p>", paragraph, "</p>"].concat())
        .collect();
    ResponseTemplate::new(200).set_body_raw(
        format!(
            "<html lang=en><title>The long bridge</title><body><nav><a href=/>Home</a></nav>\
             <article><h1>The long bridge of Skarrow</h1>{paragraphs}</article>\
             <div class=pages>{links}</div></body></html>"
        ),
        "text/html; charset=utf-8",
    )
}

const ONE: [&str; 3] = [
    "The bridge of Skarrow was meant to stand for a hundred years, and on Monday, in the ninety-eighth, the harbour office closed it to lorries.",
    "Engineers had found cracks in four of its eleven piers. “We saw them in March,” said Ada Moss, who leads the office, “and we hoped that they would stay small.”",
    "The council is to decide in May whether the piers can be mended, or whether a new bridge has to be built beside the old one.",
];
const TWO: [&str; 2] = [
    "A new bridge would cost 61 million crowns, four times what the town spends on its roads in a year.",
    "Until then lorries take the road by the mill, which is eleven kilometres longer and passes two schools.",
];

#[tokio::test(flavor = "multi_thread")]
async fn an_article_over_several_pages_is_read_to_its_end() {
    let server = MockServer::start().await;
    let first = part(
        &ONE,
        "<a href='/news/bridge?page=2'>2</a> <a href=/news/tunnel>Next</a>",
    );
    let second = part(
        &[ONE[0], TWO[0], TWO[1]],
        "<a href='/news/bridge?page=1'>1</a>",
    );
    for (page, answer) in [(None, first), (Some("2"), second)] {
        let mock = Mock::given(method("GET")).and(path("/news/bridge"));
        let mock = match page {
            Some(page) => mock.and(query_param("page", page)),
            None => mock.and(query_param_is_missing("page")),
        };
        mock.respond_with(answer).expect(1).mount(&server).await;
    }
    let address = server.address().to_string();
    let prism = Prism::with_settings(&format!("[fetch]\nallow_private = [\"{address}\"]"));
    let url = format!("http://{address}/news/bridge");
    let ran = tokio::task::spawn_blocking(move || prism.run(["extract", &url]))
        .await
        .unwrap()
        .expect(0);
    let article = &ran.json_lines()[0];
    let text = article["text"].as_str().unwrap();
    for paragraph in ONE.iter().chain(&TWO) {
        assert_eq!(text.matches(paragraph).count(), 1, "{text}");
    }
    assert_eq!(article["quality"], "ok");
    assert!(article.get("next_page").is_none());
}
