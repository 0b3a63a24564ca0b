//! In: nodes and tensors. Out: bytes of an ONNX file.
//!
//! The few messages of the ONNX format (`onnx.proto`, IR version 8) that a plain graph needs, declared by hand so that no
//! protobuf compiler is needed. Field numbers are those of the specification; fields that we never write are left out.

/// A whole file.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Model {
    #[prost(int64, optional, tag = "1")]
    pub ir_version: Option<i64>,
    #[prost(string, optional, tag = "2")]
    pub producer_name: Option<String>,
    #[prost(message, optional, tag = "7")]
    pub graph: Option<Graph>,
    #[prost(message, repeated, tag = "8")]
    pub opset_import: Vec<OperatorSet>,
}

/// Which version of the operators the graph means.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct OperatorSet {
    #[prost(string, optional, tag = "1")]
    pub domain: Option<String>,
    #[prost(int64, optional, tag = "2")]
    pub version: Option<i64>,
}

/// Nodes in an order in which each comes after what it reads.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Graph {
    #[prost(message, repeated, tag = "1")]
    pub node: Vec<Node>,
    #[prost(string, optional, tag = "2")]
    pub name: Option<String>,
    #[prost(message, repeated, tag = "5")]
    pub initializer: Vec<Tensor>,
    #[prost(message, repeated, tag = "11")]
    pub input: Vec<ValueInfo>,
    #[prost(message, repeated, tag = "12")]
    pub output: Vec<ValueInfo>,
}

/// One operation.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Node {
    #[prost(string, repeated, tag = "1")]
    pub input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub output: Vec<String>,
    #[prost(string, optional, tag = "3")]
    pub name: Option<String>,
    #[prost(string, optional, tag = "4")]
    pub op_type: Option<String>,
    #[prost(message, repeated, tag = "5")]
    pub attribute: Vec<Attribute>,
}

/// A setting of an operation; `kind` says which of the values counts.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Attribute {
    #[prost(string, optional, tag = "1")]
    pub name: Option<String>,
    #[prost(float, optional, tag = "2")]
    pub f: Option<f32>,
    #[prost(int64, optional, tag = "3")]
    pub i: Option<i64>,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub s: Option<Vec<u8>>,
    #[prost(int64, repeated, packed = "false", tag = "8")]
    pub ints: Vec<i64>,
    #[prost(int32, optional, tag = "20")]
    pub kind: Option<i32>,
}

/// A constant of the graph; the data are little-endian.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Tensor {
    #[prost(int64, repeated, packed = "false", tag = "1")]
    pub dims: Vec<i64>,
    #[prost(int32, optional, tag = "2")]
    pub data_type: Option<i32>,
    #[prost(string, optional, tag = "8")]
    pub name: Option<String>,
    #[prost(bytes = "vec", optional, tag = "9")]
    pub raw_data: Option<Vec<u8>>,
}

/// Name and shape of an input or output.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValueInfo {
    #[prost(string, optional, tag = "1")]
    pub name: Option<String>,
    #[prost(message, optional, tag = "2")]
    pub r#type: Option<ValueType>,
}

/// The type of a value: always a tensor here.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValueType {
    #[prost(message, optional, tag = "1")]
    pub tensor: Option<TensorType>,
}

/// Element type and shape.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TensorType {
    #[prost(int32, optional, tag = "1")]
    pub element: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub shape: Option<Shape>,
}

/// One entry for each dimension.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Shape {
    #[prost(message, repeated, tag = "1")]
    pub dim: Vec<Dimension>,
}

/// A fixed length, or a name for one that is known only at run time.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Dimension {
    #[prost(int64, optional, tag = "1")]
    pub value: Option<i64>,
    #[prost(string, optional, tag = "2")]
    pub name: Option<String>,
}

/// Element types, as the specification numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Float = 1,
    Uint8 = 2,
    Int8 = 3,
    Int64 = 7,
    Float16 = 10,
}

impl Node {
    /// An operation named after its only output.
    pub fn new(kind: &str, inputs: &[&str], output: &str, attribute: Vec<Attribute>) -> Self {
        Self {
            input: inputs.iter().map(|&name| name.to_owned()).collect(),
            output: vec![output.to_owned()],
            name: Some(output.to_owned()),
            op_type: Some(kind.to_owned()),
            attribute,
        }
    }
}

impl Attribute {
    /// A single number, an axis for example.
    pub fn int(name: &str, value: i64) -> Self {
        Self {
            name: Some(name.to_owned()),
            i: Some(value),
            kind: Some(2),
            ..Self::default()
        }
    }

    /// A list of numbers, a permutation for example.
    pub fn ints(name: &str, values: &[i64]) -> Self {
        Self {
            name: Some(name.to_owned()),
            ints: values.to_vec(),
            kind: Some(7),
            ..Self::default()
        }
    }

    /// A real number.
    pub fn float(name: &str, value: f32) -> Self {
        Self {
            name: Some(name.to_owned()),
            f: Some(value),
            kind: Some(1),
            ..Self::default()
        }
    }

    /// A word.
    pub fn word(name: &str, value: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            s: Some(value.as_bytes().to_vec()),
            kind: Some(3),
            ..Self::default()
        }
    }
}

impl Tensor {
    /// A constant from little-endian bytes.
    pub fn new(name: &str, element: Element, dims: &[usize], data: Vec<u8>) -> Self {
        Self {
            dims: dims.iter().map(|&length| length as i64).collect(),
            data_type: Some(element as i32),
            name: Some(name.to_owned()),
            raw_data: Some(data),
        }
    }
}

impl ValueInfo {
    /// An input or output of shape batch x tokens, with a last dimension where `width` is given.
    pub fn new(name: &str, element: Element, width: Option<usize>) -> Self {
        let mut dim = vec![Dimension::named("batch"), Dimension::named("tokens")];
        dim.extend(width.map(Dimension::fixed));
        Self::of(name, element, dim)
    }

    /// An output of shape batch x `width`.
    pub fn table(name: &str, element: Element, width: usize) -> Self {
        Self::of(name, element, vec![Dimension::named("batch"), Dimension::fixed(width)])
    }

    fn of(name: &str, element: Element, dim: Vec<Dimension>) -> Self {
        let tensor = TensorType {
            element: Some(element as i32),
            shape: Some(Shape { dim }),
        };
        Self {
            name: Some(name.to_owned()),
            r#type: Some(ValueType { tensor: Some(tensor) }),
        }
    }
}

impl Dimension {
    fn named(name: &str) -> Self {
        Self {
            value: None,
            name: Some(name.to_owned()),
        }
    }

    fn fixed(length: usize) -> Self {
        Self {
            value: Some(length as i64),
            name: None,
        }
    }
}
