//! Real child processes that crash: what they print, what they leave on disk, and how they end.

mod run;
mod scenarios;
