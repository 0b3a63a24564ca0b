//! The six numbers with which a PDF places things: two for each axis and two for the origin (ISO 32000-1, 8.3.3).

/// A place for a system of coordinates in another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    /// The same place.
    pub(super) const ONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This place inside `outer`.
    pub(super) fn then(self, outer: Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, ..]) = (self.0, outer.0);
        let (x, y) = outer.of(e, f);
        Self([a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, x, y])
    }

    /// The place that lies this far along its own axes.
    pub(super) fn moved(self, x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y]).then(self)
    }

    /// Where a point of it lies outside.
    pub(super) fn of(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_inside_a_moved_and_doubled_one() {
        let outer = Matrix([2.0, 0.0, 0.0, 2.0, 10.0, 20.0]);
        assert_eq!(Matrix::ONE.moved(3.0, 4.0).then(outer).of(1.0, 1.0), (18.0, 30.0));
        assert_eq!(outer.moved(1.0, 0.0).of(0.0, 0.0), (12.0, 20.0));
    }
}
