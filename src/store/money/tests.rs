//! Simulated runs: whatever the prices, failures and kills, no cap is passed.

use jiff::{Span, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::store::{CompletionKey, Store, StoredCompletion};

/// A call of a simulated run.
#[derive(Clone, Debug)]
struct Call {
    most_micro: Option<u64>,
    most_tokens: u64,
    /// What it really costs, as a share of the most.
    share: f64,
    fate: Fate,
    /// Minutes until the next call.
    pause: i64,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Answered,
    Failed,
    BrokenOff,
    /// The process dies while the call is under way.
    KilledInFlight,
    /// The process dies when the answer is kept, before the purchase is settled.
    KilledAfterKeeping,
}

fn call() -> impl Strategy<Value = Call> {
    let fate = prop_oneof![
        6 => Just(Fate::Answered),
        1 => Just(Fate::Failed),
        1 => Just(Fate::BrokenOff),
        1 => Just(Fate::KilledInFlight),
        1 => Just(Fate::KilledAfterKeeping),
    ];
    (
        prop::option::weighted(0.9, 1u64..3_000_000),
        1u64..50_000,
        0.0..=1.0,
        fate,
        0i64..900,
    )
        .prop_map(|(most_micro, most_tokens, share, fate, pause)| Call {
            most_micro,
            most_tokens,
            share,
            fate,
            pause,
        })
}

fn cap() -> impl Strategy<Value = Cap> {
    (
        prop::option::of(0u64..20_000_000),
        prop::option::of(0u64..400_000),
    )
        .prop_map(|(micro_dollars, tokens)| Cap {
            micro_dollars,
            tokens,
        })
}

/// What a vendor's bill says at the end, by period.
#[derive(Default)]
struct Bill(std::collections::BTreeMap<String, (u64, u64)>);

impl Bill {
    fn add(&mut self, purchase: &Purchase, micro: u64, tokens: u64) {
        for period in periods(&purchase.run, purchase.at) {
            let sum = self.0.entry(period).or_default();
            sum.0 += micro;
            sum.1 += tokens;
        }
    }

    fn hold(&self, caps: &Caps) {
        for (period, (micro, tokens)) in &self.0 {
            let cap = match period.split_once(' ').map(|(kind, _)| kind) {
                Some("run") => caps.run,
                Some("day") => caps.day,
                _ => caps.month,
            };
            assert!(
                cap.micro_dollars.is_none_or(|cap| *micro <= cap),
                "{period}: {micro} of {cap:?}"
            );
            assert!(
                cap.tokens.is_none_or(|cap| *tokens <= cap),
                "{period}: {tokens} of {cap:?}"
            );
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a small number"
)]
fn part(of: u64, share: f64) -> u64 {
    (of as f64 * share) as u64
}

/// Plays the calls against a store; what a vendor could bill stays under the caps, and so
/// does what the store says.
async fn simulate(calls: Vec<Call>, caps: Caps) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let mut now: Timestamp = "2026-01-30T20:00:00Z".parse().unwrap();
    let mut bill = Bill::default();
    let mut run = 0;
    for (nth, call) in calls.into_iter().enumerate() {
        let key = CompletionKey::from_digest(&format!("{nth:064x}"));
        let purchase = Purchase {
            completion: key.as_str().to_owned(),
            run: run.to_string(),
            feed: String::new(),
            model: "openai/m".to_owned(),
            prompt: "analysis.1".to_owned(),
            purpose: "analysis".to_owned(),
            most_micro: call.most_micro,
            most_tokens: call.most_tokens,
            bytes: 1,
            at: now,
            expires: now + Span::new().minutes(30),
        };
        if let Reserved::Yes(id) = store.reserve(&purchase, &caps).await.unwrap() {
            let micro = part(call.most_micro.unwrap_or(0), call.share);
            let usage = Usage {
                input: part(call.most_tokens, call.share),
                ..Usage::default()
            };
            // A call that was answered, or may have been, is on the vendor's bill.
            if call.fate != Fate::Failed {
                bill.add(&purchase, micro, usage.input);
            }
            let kept = StoredCompletion {
                purpose: String::new(),
                received_at: now,
                cost_micro_dollars: call.most_micro.map(|_| micro),
                completion: None,
                unusable: Some(crate::store::Unusable {
                    reason: String::new(),
                    message: String::new(),
                    usage,
                }),
            };
            match call.fate {
                Fate::Answered => {
                    store.put_completion(&key, &kept).await.unwrap();
                    store.end(&id, kept.end()).await.unwrap();
                    // Ending it again changes nothing.
                    store.end(&id, End::Lost).await.unwrap();
                }
                Fate::Failed => store.end(&id, End::Released).await.unwrap(),
                Fate::BrokenOff => store.end(&id, End::Lost).await.unwrap(),
                Fate::KilledInFlight => run += 1,
                Fate::KilledAfterKeeping => {
                    store.put_completion(&key, &kept).await.unwrap();
                    run += 1;
                }
            }
            if matches!(call.fate, Fate::KilledInFlight | Fate::KilledAfterKeeping) {
                store.end_left_over(now).await.unwrap();
            }
        }
        bill.hold(&caps);
        now += Span::new().minutes(call.pause);
    }
    store
        .end_left_over(now + Span::new().hours(1))
        .await
        .unwrap();
    assert_eq!(store.money().open_purchases().await.unwrap(), []);
    let rows = sqlx::query("SELECT * FROM periods")
        .fetch_all(&store.money().pool)
        .await
        .unwrap();
    let mut kept = Bill::default();
    for row in rows {
        let number = |name| as_u64(row.try_get::<i64, _>(name).unwrap());
        assert_eq!(
            (number("reserved_micro"), number("reserved_tokens")),
            (0, 0)
        );
        let sums = (number("spent_micro"), number("spent_tokens"));
        kept.0.insert(row.try_get("period").unwrap(), sums);
    }
    kept.hold(&caps);
    for (period, billed) in &bill.0 {
        let counted = kept.0[period];
        assert!(
            counted.0 >= billed.0 && counted.1 >= billed.1,
            "{period}: the vendor bills {billed:?}, the store counted {counted:?}"
        );
    }
    store.close().await;
}

/// A thousand runs: each case is a handful of them, cut by its kills.
#[test]
fn no_cap_is_passed_whatever_fails() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 220,
        ..ProptestConfig::default()
    });
    let runs = std::cell::Cell::new(0);
    let caps = (cap(), cap(), cap()).prop_map(|(run, day, month)| Caps { run, day, month });
    runner
        .run(
            &(prop::collection::vec(call(), 1..60), caps),
            |(calls, caps)| {
                let kills = calls.iter().filter(|call| {
                    matches!(call.fate, Fate::KilledInFlight | Fate::KilledAfterKeeping)
                });
                runs.set(runs.get() + 1 + kills.count());
                runtime.block_on(simulate(calls, caps));
                Ok(())
            },
        )
        .unwrap();
    assert!(runs.get() >= 1000, "{} runs", runs.get());
}

#[tokio::test]
async fn a_cap_is_named_with_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let purchase = Purchase {
        completion: "c".to_owned(),
        run: "r".to_owned(),
        feed: "http://a.example/feed".to_owned(),
        model: "openai/m".to_owned(),
        prompt: "analysis.1".to_owned(),
        purpose: "analysis".to_owned(),
        most_micro: Some(600_000),
        most_tokens: 10,
        bytes: 1,
        at: "2026-01-30T20:00:00Z".parse().unwrap(),
        expires: "2026-01-30T21:00:00Z".parse().unwrap(),
    };
    let caps = Caps {
        day: Cap {
            micro_dollars: Some(1_000_000),
            tokens: None,
        },
        ..Caps::default()
    };
    let Reserved::Yes(first) = store.reserve(&purchase, &caps).await.unwrap() else {
        panic!("the first call fits");
    };
    assert_eq!(
        store.reserve(&purchase, &caps).await.unwrap(),
        Reserved::No(
            "`budget.usd_per_day` leaves $0.400000 and the call may cost $0.600000".to_owned()
        )
    );
    let usage = Usage {
        input: 7,
        cached_input: 2,
        output: 3,
    };
    store
        .end(&first, End::Settled(250_000, usage))
        .await
        .unwrap();
    assert!(matches!(
        store.reserve(&purchase, &caps).await.unwrap(),
        Reserved::Yes(_)
    ));
    let rows = store.costs(CostsBy::Feed, "2026-01-01").await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].name, "http://a.example/feed");
    assert_eq!((rows[0].calls, rows[0].cost_micro_dollars), (1, 250_000));
    assert_eq!(rows[0].usage, usage);
    assert_eq!(store.costs(CostsBy::Day, "2026-01-31").await.unwrap(), []);
    store.close().await;
}
