//! Four 32-bit lanes side by side: the only operations that the kernel is
//! written in. In WebAssembly with `simd128` each is one instruction; everywhere
//! else the same arithmetic is written with plain integers, so that native tests
//! run the very algorithm that the page runs. Only [`super::montgomery`] calls it.
//!
//! A lane is read in two ways: as one `i32` (a column sum), or as a *pair* of
//! `i16` digits, the lower digit in the lower half.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod engine {
    use core::arch::wasm32 as simd;

    /// Four 32-bit lanes in one `v128`.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes(simd::v128);

    impl Lanes {
        pub(crate) const ZERO: Self = Self(simd::i32x4(0, 0, 0, 0));

        #[inline]
        pub(crate) fn new(lanes: [i32; 4]) -> Self {
            Self(simd::i32x4(lanes[0], lanes[1], lanes[2], lanes[3]))
        }

        #[inline]
        pub(crate) fn to_array(self) -> [i32; 4] {
            [
                simd::i32x4_extract_lane::<0>(self.0),
                simd::i32x4_extract_lane::<1>(self.0),
                simd::i32x4_extract_lane::<2>(self.0),
                simd::i32x4_extract_lane::<3>(self.0),
            ]
        }

        #[inline]
        pub(crate) fn add(self, other: Self) -> Self {
            Self(simd::i32x4_add(self.0, other.0))
        }

        #[inline]
        pub(crate) fn subtract(self, other: Self) -> Self {
            Self(simd::i32x4_sub(self.0, other.0))
        }

        #[inline]
        pub(crate) fn multiply(self, other: Self) -> Self {
            Self(simd::i32x4_mul(self.0, other.0))
        }

        #[inline]
        pub(crate) fn dot(self, other: Self) -> Self {
            Self(simd::i32x4_dot_i16x8(self.0, other.0))
        }

        #[inline]
        pub(crate) fn shift_left<const BITS: u32>(self) -> Self {
            Self(simd::i32x4_shl(self.0, BITS))
        }

        #[inline]
        pub(crate) fn shift_right<const BITS: u32>(self) -> Self {
            Self(simd::i32x4_shr(self.0, BITS))
        }

        #[inline]
        pub(crate) fn pair(low: Self, high: Self) -> Self {
            Self(simd::v128_or(
                simd::v128_and(low.0, simd::i32x4_splat(0xffff)),
                simd::i32x4_shl(high.0, 16),
            ))
        }

        /// The lanes' bits where the mask has ones.
        #[inline]
        pub(crate) fn masked(self, mask: Self) -> Self {
            Self(simd::v128_and(self.0, mask.0))
        }

        #[inline]
        pub(crate) fn low_digit_only(self) -> Self {
            Self(simd::v128_and(self.0, simd::i32x4_splat(0xffff)))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a digit is cut out of a lane: the cast is the cut"
)]
mod engine {
    /// Four 32-bit lanes as plain integers.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes([i32; 4]);

    impl Lanes {
        pub(crate) const ZERO: Self = Self([0; 4]);

        #[inline]
        pub(crate) fn new(lanes: [i32; 4]) -> Self {
            Self(lanes)
        }

        #[inline]
        pub(crate) fn to_array(self) -> [i32; 4] {
            self.0
        }

        #[inline]
        fn zip(self, other: Self, operation: impl Fn(i32, i32) -> i32) -> Self {
            Self(core::array::from_fn(|lane| {
                operation(self.0[lane], other.0[lane])
            }))
        }

        #[inline]
        pub(crate) fn add(self, other: Self) -> Self {
            self.zip(other, i32::wrapping_add)
        }

        #[inline]
        pub(crate) fn subtract(self, other: Self) -> Self {
            self.zip(other, i32::wrapping_sub)
        }

        #[inline]
        pub(crate) fn multiply(self, other: Self) -> Self {
            self.zip(other, i32::wrapping_mul)
        }

        #[inline]
        pub(crate) fn dot(self, other: Self) -> Self {
            self.zip(other, |a, b| {
                let low = i32::from(a as i16) * i32::from(b as i16);
                low.wrapping_add((a >> 16) * (b >> 16))
            })
        }

        #[inline]
        pub(crate) fn shift_left<const BITS: u32>(self) -> Self {
            Self(self.0.map(|lane| lane << BITS))
        }

        #[inline]
        pub(crate) fn shift_right<const BITS: u32>(self) -> Self {
            Self(self.0.map(|lane| lane >> BITS))
        }

        #[inline]
        pub(crate) fn pair(low: Self, high: Self) -> Self {
            low.zip(high, |low, high| (low & 0xffff) | (high << 16))
        }

        /// The lanes' bits where the mask has ones.
        #[inline]
        pub(crate) fn masked(self, mask: Self) -> Self {
            self.zip(mask, |lane, mask| lane & mask)
        }

        #[inline]
        pub(crate) fn low_digit_only(self) -> Self {
            Self(self.0.map(|lane| lane & 0xffff))
        }
    }
}

pub(crate) use engine::Lanes;

impl Default for Lanes {
    fn default() -> Self {
        Self::ZERO
    }
}

impl zeroize::DefaultIsZeroes for Lanes {}
