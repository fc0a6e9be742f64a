//! A response whose body has been looked at, and is as it was.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use reqwest::{Body, Response, ResponseBuilderExt};

use crate::http::HttpError;
use crate::http::reqwest::body_in_time;

type Piece = Result<Frame<Bytes>, reqwest::Error>;

/// A body of which the first pieces have been read.
struct Peeked {
    first: VecDeque<Piece>,
    rest: Body,
}

/// The response as it was, and the beginning of its body.
pub(super) async fn peek(response: Response) -> (Response, Vec<u8>) {
    let url = response.url().clone();
    let (mut parts, rest) = http::Response::<Body>::from(response).into_parts();
    let mut body = Peeked { first: VecDeque::new(), rest };
    body_in_time(body.read()).await;
    let beginning = body.beginning();
    // A response is made with its URL, which has no other way in.
    if let Ok(made) = http::Response::builder().url(url).body(()) {
        parts.extensions.extend(made.into_parts().0.extensions);
    }
    (Response::from(http::Response::from_parts(parts, Body::wrap(body))), beginning)
}

impl Peeked {
    /// Reads until the limit is reached, or there is no more.
    async fn read(&mut self) {
        let mut length = 0;
        while length < HttpError::BODY_LIMIT {
            let Some(piece) = poll_fn(|context| Pin::new(&mut self.rest).poll_frame(context)).await else {
                break;
            };
            let is_last = piece.is_err();
            length += data(&piece).len();
            self.first.push_back(piece);
            if is_last {
                break;
            }
        }
    }

    fn beginning(&self) -> Vec<u8> {
        let mut beginning: Vec<u8> = self.first.iter().flat_map(data).copied().collect();
        beginning.truncate(HttpError::BODY_LIMIT);
        beginning
    }
}

fn data(piece: &Piece) -> &[u8] {
    piece.as_ref().ok().and_then(Frame::data_ref).map_or(&[], |data| data)
}

impl http_body::Body for Peeked {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Piece>> {
        match self.first.pop_front() {
            Some(piece) => Poll::Ready(Some(piece)),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_empty() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let first: u64 = self.first.iter().map(|piece| data(piece).len() as u64).sum();
        let rest = self.rest.size_hint();
        let mut all = SizeHint::new();
        all.set_lower(first.saturating_add(rest.lower()));
        if let Some(upper) = rest.upper() {
            all.set_upper(first.saturating_add(upper));
        }
        all
    }
}
