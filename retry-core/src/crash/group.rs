//! Reports of the same crash, together.

use super::report::Report;
use std::borrow::Borrow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A crash, of which there may be several reports: see [`group`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Group<T = Report> {
    /// How often it was seen: of all its reports, the [`occurrences`](Report::occurrences) together.
    pub count: u64,
    /// How many reports there are of it.
    pub reports: usize,
    /// When it was seen first, as far as the reports tell: like [`Report::time`].
    pub first_seen: String,
    /// When it was seen last: like [`Report::time`].
    pub last_seen: String,
    /// Its newest report.
    pub newest: T,
}

/// Puts the reports of the same crash together, by their [`fingerprint`](Report::fingerprint). The crash that was seen last
/// comes first. Of each crash only the newest report is kept.
///
/// ```
/// use retry_core::crash::{Report, group, report};
///
/// let first = report(&std::fmt::Error).report;
/// let mut second = first.clone();
/// second.occurrences = 3;
/// let groups = group([first, second]);
/// assert_eq!((groups.len(), groups[0].count, groups[0].reports), (1, 4, 2));
/// ```
///
/// Anything that has a report can be grouped, if it says so with [`Borrow`].
pub fn group<T: Borrow<Report>>(reports: impl IntoIterator<Item = T>) -> Vec<Group<T>> {
    let mut groups: HashMap<String, Group<T>> = HashMap::new();
    for one in reports.into_iter().map(Group::of_one) {
        match groups.entry(one.report().fingerprint.clone()) {
            Entry::Vacant(place) => _ = place.insert(one),
            Entry::Occupied(mut group) => group.get_mut().add(one),
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by(|a, b| {
        let key = |group: &Group<T>| (group.last_seen.clone(), group.report().fingerprint.clone());
        key(b).cmp(&key(a))
    });
    groups
}

impl<T: Borrow<Report>> Group<T> {
    fn of_one(newest: T) -> Self {
        let report = newest.borrow();
        Self {
            count: report.occurrences,
            reports: 1,
            first_seen: report.first_seen.as_ref().unwrap_or(&report.time).clone(),
            last_seen: report.time.clone(),
            newest,
        }
    }

    fn report(&self) -> &Report {
        self.newest.borrow()
    }

    /// Times are texts of one form, so that their order is that of the times.
    fn add(&mut self, one: Self) {
        self.count = self.count.saturating_add(one.count);
        self.reports += one.reports;
        if one.first_seen < self.first_seen {
            self.first_seen = one.first_seen;
        }
        if one.last_seen > self.last_seen {
            self.last_seen = one.last_seen;
            self.newest = one.newest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::render::tests::full_report;
    use super::{Group, Report, group};

    fn seen(fingerprint: &str, time: &str, occurrences: u64, first_seen: Option<&str>) -> Report {
        let mut report = full_report();
        report.fingerprint = fingerprint.into();
        report.time = time.into();
        report.occurrences = occurrences;
        report.first_seen = first_seen.map(str::to_owned);
        report
    }

    #[test]
    fn no_report_is_no_crash() {
        assert_eq!(group(Vec::<Report>::new()), Vec::new());
    }

    #[test]
    fn each_crash_is_counted_over_all_its_reports_in_whatever_order_they_come() {
        let reports = [
            seen("a", "2026-04-15T10:00:00.000Z", 3, Some("2026-04-15T09:50:00.000Z")),
            seen("b", "2026-04-15T11:00:00.000Z", 1, None),
            seen("a", "2026-04-15T12:00:00.000Z", 2, None),
            seen("a", "2026-04-14T12:00:00.000Z", 1, None),
        ];
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            let groups = group(order.map(|number: usize| &reports[number]));
            let told = |group: &Group<&Report>| {
                (
                    group.count,
                    group.reports,
                    group.first_seen.clone(),
                    group.last_seen.clone(),
                    group.newest.time.clone(),
                )
            };
            let [a, b] = &groups[..] else { panic!("{groups:?}") };
            let (first, last) =
                ("2026-04-14T12:00:00.000Z".to_owned(), "2026-04-15T12:00:00.000Z".to_owned());
            assert_eq!(told(a), (6, 3, first, last.clone(), last));
            let only = "2026-04-15T11:00:00.000Z".to_owned();
            assert_eq!(told(b), (1, 1, only.clone(), only.clone(), only));
        }
    }

    #[test]
    fn a_count_too_large_for_a_number_stays_the_largest() {
        let time = "2026-04-15T10:00:00.000Z";
        let groups = group([seen("a", time, u64::MAX, None), seen("a", time, 7, None)]);
        assert_eq!((groups[0].count, groups[0].reports), (u64::MAX, 2));
    }
}
