//! What a status says by itself.

use http::StatusCode;

use crate::{Classification, RetryClassify};

/// Whether another try may succeed where the status is all that is known.
pub(super) fn is_worth_another_try(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_EARLY
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Whether it is an error at all; statuses that no standard knows are, from 400 on.
pub(super) fn is_error(status: StatusCode) -> bool {
    status >= StatusCode::BAD_REQUEST
}

/// By the status alone: worth another try are 408, 425, 429, 500, 502, 503 and 504.
impl RetryClassify for StatusCode {
    fn classify(&self) -> Classification {
        if is_worth_another_try(*self) { Classification::Transient } else { Classification::Permanent }
    }
}
