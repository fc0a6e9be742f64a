//! Every compile error.
