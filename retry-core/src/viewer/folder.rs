//! Which folder is meant.

use crate::arguments::Folder;
use crate::output::Failure;
use retry_core::crash::Reports;

impl Folder {
    pub(crate) fn is_named(&self) -> bool {
        self.dir.is_some() || self.app.is_some()
    }

    pub(crate) fn reports(&self) -> Result<Reports, Failure> {
        match (&self.dir, &self.app) {
            (Some(path), _) => Ok(Reports::in_folder(path)),
            (None, Some(name)) => Reports::of_app(name).ok_or_else(|| {
                Failure::Said("the user has no home folder; set HOME, or give `--dir PATH`".to_owned())
            }),
            (None, None) => {
                Err(Failure::Usage("no folder is named; give `--app NAME` or `--dir PATH`".to_owned()))
            }
        }
    }
}
