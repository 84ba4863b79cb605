//! What every key made here has in common: the exponent, and the three sizes of
//! modulus with what FIPS 186-5 asks of each.

/// The public exponent of every key made here.
pub const PUBLIC_EXPONENT: u64 = 65_537;

/// The sizes of modulus that keys are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModulusBits {
    /// 2048 bits: 112 bits of security (SP 800-57 part 1, table 2).
    Rsa2048,
    /// 3072 bits: 128 bits of security.
    Rsa3072,
    /// 4096 bits: 152 bits of security (SP 800-56B, table 4).
    Rsa4096,
}

impl ModulusBits {
    /// All sizes, smallest first.
    pub const ALL: [Self; 3] = [Self::Rsa2048, Self::Rsa3072, Self::Rsa4096];

    /// The size for a number of bits: 2048, 3072 or 4096.
    #[must_use]
    pub fn from_bits(bits: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.bits() == bits)
    }

    /// Bits of the modulus.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
        }
    }

    /// Bits of each of the two primes.
    #[must_use]
    pub const fn prime_bits(self) -> u32 {
        self.bits() / 2
    }

    /// Security strength in bits; the judge's error bound is two to minus this
    /// (FIPS 186-5 appendix B.3).
    #[must_use]
    pub const fn security_bits(self) -> u32 {
        match self {
            Self::Rsa2048 => 112,
            Self::Rsa3072 => 128,
            Self::Rsa4096 => 152,
        }
    }

    /// Odd numbers that a search looks at for one prime, on average: half the
    /// natural logarithm of the prime, by the prime number theorem. A search is a
    /// lottery: one in seven takes more than twice this.
    #[must_use]
    pub const fn expected_candidates(self) -> u32 {
        match self {
            Self::Rsa2048 => 355,
            Self::Rsa3072 => 532,
            Self::Rsa4096 => 710,
        }
    }
}
