//! Boosted decision trees, read from text: numbers of a block in, the probability that
//! it belongs to the article out.
//!
//! The trees are trained outside the program (`docs/extraction.md` says how); here
//! they are only walked.

use std::str::FromStr;

/// A sum of trees.
#[derive(Debug)]
pub(crate) struct Forest {
    trees: Vec<Tree>,
}

#[derive(Debug)]
struct Tree {
    /// The root comes first.
    nodes: Vec<Node>,
    /// The most questions on the way to a leaf.
    depth: usize,
}

/// A question, or a leaf, which leads to itself.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// The number that is asked about.
    feature: u16,
    /// Where to go if the number is greater than `value`, and where otherwise.
    next: [u16; 2],
    /// The threshold, or the leaf's worth.
    value: f32,
}

/// So many rows walk through a tree side by side: none waits for another's answer.
const ABREAST: usize = 8;

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
        let trees = text.lines().map(Tree::from_str).collect::<Result<_, _>>()?;
        Ok(Self { trees })
    }
}

impl FromStr for Tree {
    type Err = &'static str;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut depth = 0;
        // Questions whose part for greater numbers is still to come, with the number of
        // those on the way to that.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut asked = 0;
        for word in line.split(' ') {
            let own = u16::try_from(nodes.len()).map_err(|_| "too many nodes in a tree")?;
            if let Some(worth) = word.strip_prefix('=') {
                nodes.push(Node {
                    feature: 0,
                    next: [own; 2],
                    value: worth.parse().map_err(|_| "a leaf is a number")?,
                });
                depth = depth.max(asked);
                let Some((question, before)) = open.pop() else {
                    break;
                };
                nodes[question].next[0] = own + 1;
                asked = before;
            } else {
                let (feature, threshold) =
                    word.split_once('<').ok_or("a question has a threshold")?;
                asked += 1;
                open.push((nodes.len(), asked));
                nodes.push(Node {
                    feature: feature.parse().map_err(|_| "a feature is a number")?,
                    next: [0, own + 1],
                    value: threshold.parse().map_err(|_| "a threshold is a number")?,
                });
            }
        }
        if !open.is_empty() || nodes.len() < line.split(' ').count() {
            return Err("a tree is cut off");
        }
        // The last leaf of all is followed by none.
        let last = nodes.len();
        if nodes.iter().any(|node| usize::from(node.next[0]) >= last) {
            return Err("a tree is cut off");
        }
        Ok(Self { nodes, depth })
    }
}

impl Forest {
    /// The probability for each of the rows.
    pub(crate) fn probabilities<const N: usize>(&self, rows: &[[f32; N]]) -> Vec<f32> {
        let mut sums = vec![0.0; rows.len()];
        let mut asked: Vec<usize> = (0..rows.len()).collect();
        for (at, tree) in self.trees.iter().enumerate() {
            if at == GLANCE {
                asked.retain(|&row| sums[row] >= HOPELESS);
            }
            for some in asked.chunks(ABREAST) {
                let mut places = [0_u16; ABREAST];
                for _ in 0..tree.depth {
                    for (place, &row) in places.iter_mut().zip(some) {
                        let node = &tree.nodes[usize::from(*place)];
                        let below = rows[row][usize::from(node.feature)] <= node.value;
                        *place = node.next[usize::from(below)];
                    }
                }
                for (place, &row) in places.iter().zip(some) {
                    sums[row] += tree.nodes[usize::from(*place)].value;
                }
            }
        }
        for sum in &mut sums {
            *sum = 1.0 / (1.0 + (-*sum).exp());
        }
        sums
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
