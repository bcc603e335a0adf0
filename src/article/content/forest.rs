//! Boosted decision trees, read from text: numbers of a block in, the probability that
//! it belongs to the article out.
//!
//! The trees are trained outside the program (`docs/extraction.md` says how); here
//! they are only walked.

use std::str::FromStr;

/// A sum of trees.
#[derive(Debug)]
pub(crate) struct Forest {
    /// The root of each tree, a place in `nodes`.
    roots: Vec<u32>,
    nodes: Vec<Node>,
}

/// A question, or a leaf.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// The number that is asked about; [`LEAF`] for a leaf.
    feature: u16,
    /// Where to go if the number is greater than `value`; the next node otherwise.
    greater: u16,
    /// The threshold, or the leaf's worth.
    value: f32,
}

const LEAF: u16 = u16::MAX;

/// After so many trees a block that is plainly not the article's is given up …
const GLANCE: usize = 24;
/// … which it is when its sum so far is below this.
const HOPELESS: f32 = -3.5;

impl FromStr for Forest {
    type Err = &'static str;

    /// One tree a line, its nodes in preorder: `feature<threshold` asks, with the part
    /// for smaller or equal numbers right after it and then the part for greater ones;
    /// `=worth` is a leaf.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (mut roots, mut nodes) = (Vec::new(), Vec::<Node>::new());
        for line in text.lines() {
            let root = nodes.len();
            roots.push(u32::try_from(root).map_err(|_| "too many nodes")?);
            // Questions whose part for greater numbers is still to come.
            let mut open: Vec<usize> = Vec::new();
            for word in line.split(' ') {
                if let Some(worth) = word.strip_prefix('=') {
                    let value = worth.parse().map_err(|_| "a leaf is a number")?;
                    nodes.push(Node {
                        feature: LEAF,
                        greater: 0,
                        value,
                    });
                    if let Some(asked) = open.pop() {
                        nodes[asked].greater = u16::try_from(nodes.len() - root)
                            .map_err(|_| "too many nodes in a tree")?;
                    }
                } else {
                    let (feature, threshold) =
                        word.split_once('<').ok_or("a question has a threshold")?;
                    open.push(nodes.len());
                    nodes.push(Node {
                        feature: feature.parse().map_err(|_| "a feature is a number")?,
                        greater: 0,
                        value: threshold.parse().map_err(|_| "a threshold is a number")?,
                    });
                }
            }
            let leaves = nodes[root..]
                .iter()
                .filter(|node| node.feature == LEAF)
                .count();
            if leaves * 2 != nodes.len() - root + 1 {
                return Err("a tree is cut off");
            }
        }
        Ok(Self { roots, nodes })
    }
}

impl Forest {
    /// The probability for each of the rows. One tree after the other is asked about all
    /// of them, since neighbours often take the same way.
    pub(crate) fn probabilities<const N: usize>(&self, rows: &[[f32; N]]) -> Vec<f32> {
        let mut sums = vec![0.0; rows.len()];
        let mut asked: Vec<usize> = (0..rows.len()).collect();
        for (at, &root) in self.roots.iter().enumerate() {
            if at == GLANCE {
                asked.retain(|&row| sums[row] >= HOPELESS);
            }
            for &row in &asked {
                sums[row] += self.walk(root as usize, &rows[row]);
            }
        }
        for sum in &mut sums {
            *sum = 1.0 / (1.0 + (-*sum).exp());
        }
        sums
    }

    fn walk(&self, root: usize, row: &[f32]) -> f32 {
        let mut at = root;
        loop {
            let node = self.nodes[at];
            if node.feature == LEAF {
                return node.value;
            }
            at = if row[node.feature as usize] <= node.value {
                at + 1
            } else {
                root + node.greater as usize
            };
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn trees_are_walked_and_summed() {
        let forest: Forest = "0<1.5 =-1 1<0 =2 =3\n=0.5".parse().unwrap();
        let rows = [[1.5, 9.0], [2.0, 0.0], [2.0, 0.1]];
        let sums = [-0.5, 2.5, 3.5];
        for ((found, row), sum) in forest.probabilities(&rows).iter().zip(rows).zip(sums) {
            let expected = 1.0 / (1.0 + f32::exp(-sum));
            assert!((found - expected).abs() < 1e-6, "{row:?}");
        }
    }

    #[test]
    fn a_damaged_forest_is_refused() {
        for text in ["0<1.5 =-1", "x<1 =0 =0", "=a", "0 =1 =2"] {
            assert!(text.parse::<Forest>().is_err(), "{text}");
        }
    }
}
