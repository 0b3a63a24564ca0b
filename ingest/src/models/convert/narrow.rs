//! In: a graph whose linear maps are of 32-bit floats. Out: the same with most of them in 8 bits, for a model that reads many
//! texts for one question.
//!
//! Each column of a weight has a scale of its own, and each input is narrowed when it comes (dynamic quantisation, in the
//! operators of the ONNX standard, in the order that ONNX Runtime joins into one). Two decisions:
//!
//! - The maps out of the feed-forward layers stay as they are: what goes into them has single values far beyond all others,
//!   and one scale for all loses the rest.
//! - Weights take seven of the eight bits, since processors without VNNI add two products in 16 bits and would overflow: every
//!   machine gets the same sums.

use std::collections::HashSet;

use super::ConvertError;
use super::adapt::{layer_of, wrong};
use super::onnx::{Attribute, Element, Graph, Node, Tensor};

/// The maps that are narrowed: to queries, keys and values, out of the attention and into the feed-forward layer.
const MAPS: [&str; 5] = ["q", "k", "v", "ao", "fi"];
/// The largest weight in seven bits.
const LARGEST: f32 = 63.0;

/// Narrows the maps of all layers.
pub(super) fn narrow(graph: &mut Graph) -> Result<(), ConvertError> {
    let mut weights = HashSet::new();
    for tensor in std::mem::take(&mut graph.initializer) {
        let name = tensor.name.clone().unwrap_or_default();
        if is_map(&name) {
            graph.initializer.extend(columns(&name, &tensor)?);
            weights.insert(name);
        } else {
            graph.initializer.push(tensor);
        }
    }
    let mut inputs = HashSet::new();
    for node in std::mem::take(&mut graph.node) {
        match (node.op_type.as_deref(), node.input.as_slice()) {
            (Some("MatMul"), [input, weight]) if weights.contains(weight) => {
                if inputs.insert(input.clone()) {
                    graph.node.push(narrowed(input));
                }
                graph.node.extend(product(input, weight, &node.output[0]));
            }
            _ => graph.node.push(node),
        }
    }
    Ok(())
}

fn is_map(weight: &str) -> bool {
    let map = weight.strip_suffix(".w").and_then(|place| place.split('.').nth(1));
    layer_of(weight).is_some() && map.is_some_and(|map| MAPS.contains(&map))
}

/// A weight, inputs by outputs, as whole numbers and a scale for each output.
fn columns(name: &str, weight: &Tensor) -> Result<[Tensor; 2], ConvertError> {
    let sides: Vec<usize> = weight
        .dims
        .iter()
        .filter_map(|&side| usize::try_from(side).ok())
        .collect();
    let (&[inputs, outputs], Some(data)) = (sides.as_slice(), &weight.raw_data) else {
        return Err(wrong(name, "is no matrix"));
    };
    let (floats, rest) = data.as_chunks::<4>();
    if inputs.checked_mul(outputs) != Some(floats.len()) || !rest.is_empty() || floats.is_empty() {
        return Err(wrong(name, "has another size than its shape says"));
    }
    let floats: Vec<f32> = floats.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    let mut scales = vec![0f32; outputs];
    for row in floats.chunks_exact(outputs) {
        for (scale, value) in scales.iter_mut().zip(row) {
            *scale = scale.max(value.abs() / LARGEST);
        }
    }
    let whole = |(value, scale): (&f32, &f32)| (if *scale > 0.0 { (value / scale).round() } else { 0.0 }) as i8;
    let rows = floats.chunks_exact(outputs);
    let values: Vec<u8> = rows
        .flat_map(|row| row.iter().zip(&scales).map(whole))
        .map(|value| value as u8)
        .collect();
    let scales = scales.iter().flat_map(|scale| scale.to_le_bytes()).collect();
    Ok([
        Tensor::new(&values_of(name), Element::Int8, &[inputs, outputs], values),
        Tensor::new(&scales_of(name), Element::Float, &[outputs], scales),
    ])
}

/// An input in eight bits, with its scale and its zero. Maps that read the same input share it.
fn narrowed(input: &str) -> Node {
    let outputs = ["bytes", "scale", "zero"].map(|part| format!("{input}.{part}"));
    Node {
        output: outputs.to_vec(),
        ..Node::new("DynamicQuantizeLinear", &[input], &format!("{input}.narrowed"), vec![])
    }
}

/// The product of a narrowed input and a narrowed weight as floats, under the name that the plain product had.
fn product(input: &str, weight: &str, output: &str) -> [Node; 4] {
    let of_input = |part: &str| format!("{input}.{part}");
    let of_output = |part: &str| format!("{output}.{part}");
    let float = vec![Attribute::int("to", Element::Float as i64)];
    let (whole, floats, scale) = (of_output("whole"), of_output("floats"), of_output("scale"));
    [
        Node::new("Mul", &[&of_input("scale"), &scales_of(weight)], &scale, vec![]),
        Node::new(
            "MatMulInteger",
            &[&of_input("bytes"), &values_of(weight), &of_input("zero")],
            &whole,
            vec![],
        ),
        Node::new("Cast", &[&whole], &floats, float),
        Node::new("Mul", &[&floats, &scale], output, vec![]),
    ]
}

fn values_of(weight: &str) -> String {
    format!("{weight}.values")
}

fn scales_of(weight: &str) -> String {
    format!("{weight}.scales")
}
