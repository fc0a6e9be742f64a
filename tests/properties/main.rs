//! What holds for all settings.
