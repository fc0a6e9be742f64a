//! The program `crash-reports`, as it is run.
