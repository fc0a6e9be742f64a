//! The walk through a function's body: which names it binds, what it does with them, and the statements that keep
//! their values put in behind each binding and each assignment.
//!
//! ```text
//! // Input
//! let mut total = price * count;
//! if let Some(code) = code { total -= 1; }
//!
//! // Output
//! let mut total = price * count;
//! P::bind(__frame, __s0, 0, &total); ..
//! if let Some(code) = code {
//!     let __scope = P::Scope::enter(__frame);
//!     P::bind(__frame, __s1, 1, &code); ..
//!     { total -= 1; P::assign(__frame, __s0, 2, &total); }
//! }
//! ```
//!
//! Closures and blocks that run somewhere else, nested functions and macros are left as they are; of the names in them it
//! is only seen that they are used.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, AttrStyle, Attribute, BinOp, Block, Expr, ExprAsync, ExprClosure, ExprForLoop, ExprIf, ExprMatch,
    ExprWhile, Item, Local, Macro, Pat, PatIdent, Stmt, UnOp,
};

use super::expand::{self, Keeping};
use super::model::{Binding, Options, Origin, Way};
use super::reads;
use crate::shared::patterns::each_part;
use crate::shared::words::find;

/// The names bound so far, and the statements for them.
pub(super) struct Walk<'a> {
    pub(super) keeping: &'a Keeping<'a>,
    pub(super) bindings: Vec<Binding>,
    /// The names in scope, each with its binding; scopes are marked by their lengths.
    names: Vec<(String, usize)>,
    cfgs: Vec<Attribute>,
    /// What is said of lints around here.
    lints: Vec<Attribute>,
    loops: usize,
    /// How many blocks are open.
    depth: usize,
    /// Whether an async block that is awaited on the spot runs within the frame.
    is_async: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(keeping: &'a Keeping<'a>, is_async: bool) -> Self {
        let (cfgs, lints) = (Vec::new(), Vec::new());
        Self { keeping, bindings: Vec::new(), names: Vec::new(), cfgs, lints, loops: 0, depth: 0, is_async }
    }

    fn options(&self) -> &'a Options {
        self.keeping.options
    }

    /// The function's own body; its arguments are bound already.
    pub(super) fn body(&mut self, block: &mut Block) {
        self.statements(block);
    }

    /// A name that is bound: its binding, if it is kept.
    pub(super) fn bind(&mut self, pat: &PatIdent, origin: Origin) -> Option<usize> {
        let name = pat.ident.to_string();
        // A constant, a unit struct, a variant; or what is called unused.
        let letter = name.trim_start_matches("r#").chars().next()?;
        let options = self.options();
        let listed = options.listed(&pat.ident);
        let is_called_unused = letter == '_' || self.lints.iter().any(expects_unused);
        if letter.is_uppercase() || (is_called_unused && listed.is_none()) {
            self.names.push((name, usize::MAX));
            return None;
        }
        let way = match listed {
            Some(listed) if listed.by_reference => Way::Borrowed,
            Some(_) => Way::Written,
            None if options.redact.contains(&pat.ident) => Way::Hidden,
            None => Way::ByType,
        };
        let index = self.bindings.len();
        self.bindings.push(Binding {
            name: pat.ident.clone(),
            origin,
            way,
            cfgs: self.cfgs.clone(),
            lints: self.lints.clone(),
            is_mutable: pat.mutability.is_some(),
            may_be_constant: origin != Origin::Argument && is_bare(pat),
            is_declared: false,
            is_used: false,
            is_assigned: false,
            changes: false,
        });
        self.names.push((name, index));
        Some(index)
    }

    /// The names that a pattern binds.
    fn bind_pattern(&mut self, pat: &mut Pat) -> Vec<usize> {
        let origin = if self.loops > 0 { Origin::LocalInLoop } else { Origin::Local };
        let mut names = Names::default();
        names.add(pat);
        names.1.into_iter().for_each(|tokens| self.may_bind(tokens));
        names.0.iter().filter_map(|name| self.bind(name, origin)).collect()
    }

    /// The binding that hides all others of its name.
    fn index_of(&self, name: &Ident) -> Option<usize> {
        let name = name.to_string();
        let (_, index) = self.names.iter().rev().find(|(known, _)| *known == name)?;
        (*index < self.bindings.len()).then_some(*index)
    }

    /// All the bindings that a name may be of: the last one, and if that is there under a condition only, which does not
    /// hold for all around here, what it would hide as well.
    fn indices_of(&self, name: &str) -> Vec<usize> {
        let name = name.trim_start_matches("r#");
        let is_it = |known: &str| known.trim_start_matches("r#") == name;
        let mut indices = Vec::new();
        for (_, index) in self.names.iter().rev().filter(|(known, _)| is_it(known)) {
            let Some(binding) = self.bindings.get(*index) else { break };
            indices.push(*index);
            if binding.cfgs.len() <= self.cfgs.len() {
                break;
            }
        }
        indices
    }

    /// All the words in what is left as it is may be uses.
    fn mention(&mut self, tokens: TokenStream, changes: bool) {
        self.mention_in(tokens, changes, true);
    }

    fn mention_in(&mut self, tokens: TokenStream, changes: bool, is_outermost: bool) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Ident(word) => {
                    let (before, behind) = (&trees[..index], &trees[index + 1..]);
                    let changes = changes || reads::is_changed(before, behind, is_outermost);
                    self.mention_word(&word.to_string(), changes);
                }
                TokenTree::Group(group) => self.mention_in(group.stream(), changes, false),
                TokenTree::Literal(literal) => {
                    for word in captured(&literal.to_string()) {
                        self.mention_word(word, false);
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// A macro that is given these may bind them anew, to values of other types.
    fn may_bind(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Ident(word) if self.index_of(&word).is_some() => {
                    self.names.push((word.to_string(), usize::MAX));
                }
                TokenTree::Group(group) => self.may_bind(group.stream()),
                _ => {}
            }
        }
    }

    fn mention_word(&mut self, word: &str, changes: bool) {
        for index in self.indices_of(word) {
            let binding = &mut self.bindings[index];
            binding.is_used = true;
            binding.changes |= changes && binding.is_mutable;
        }
    }

    /// A place that is changed other than by an assignment to the whole.
    fn touch(&mut self, place: &Expr) {
        for index in root(place).map(|name| self.indices_of(&name.to_string())).unwrap_or_default() {
            let binding = &mut self.bindings[index];
            binding.changes |= binding.is_mutable;
        }
    }

    /// A place that a pattern looks into, and may borrow from to change it.
    fn touch_by(&mut self, pat: &Pat, place: &Expr) {
        if borrows_mutably(pat) {
            self.touch(place);
        }
    }

    /// Under the conditions of these attributes, and what they say of lints.
    pub(super) fn under<R>(&mut self, attrs: &[Attribute], walk: impl FnOnce(&mut Self) -> R) -> R {
        let before = (self.cfgs.len(), self.lints.len());
        for attr in attrs {
            let is = |names: &[&str]| names.iter().any(|name| attr.path().is_ident(name));
            if is(&["cfg", "cfg_attr"]) {
                self.cfgs.push(attr.clone());
            } else if is(&["allow", "expect", "warn", "deny", "forbid"]) {
                self.lints.push(Attribute { style: AttrStyle::Outer, ..attr.clone() });
            }
        }
        let result = walk(self);
        self.cfgs.truncate(before.0);
        self.lints.truncate(before.1);
        result
    }

    /// With names that end here.
    fn scoped<R>(&mut self, walk: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.names.len();
        let result = walk(self);
        self.names.truncate(before);
        result
    }

    fn in_loop<R>(&mut self, walk: impl FnOnce(&mut Self) -> R) -> R {
        self.loops += 1;
        let result = walk(self);
        self.loops -= 1;
        result
    }

    /// The statements of a block, with what keeps their values; whether there is any.
    fn statements(&mut self, block: &mut Block) -> bool {
        let mut bound = false;
        self.depth += 1;
        let statements = std::mem::take(&mut block.stmts);
        for mut statement in statements {
            let mut kept = Vec::new();
            match &mut statement {
                Stmt::Local(local) => {
                    let attrs = local.attrs.clone();
                    kept = self.under(&attrs, |walk| walk.local(local));
                }
                Stmt::Expr(expr, _) => {
                    let attrs = attributes(expr).to_vec();
                    self.under(&attrs, |walk| walk.visit_expr_mut(expr));
                }
                Stmt::Macro(statement) => {
                    self.visit_macro_mut(&mut statement.mac);
                    if !is_reading(&statement.mac) {
                        self.may_bind(statement.mac.tokens.clone());
                    }
                }
                Stmt::Item(item) => self.visit_item_mut(item),
            }
            bound |= !kept.is_empty();
            block.stmts.push(statement);
            block.stmts.extend(kept);
        }
        self.depth -= 1;
        bound
    }

    fn local(&mut self, local: &mut Local) -> Vec<Stmt> {
        if let Some(init) = &mut local.init {
            if is_instrumented(&local.pat) && self.is_async {
                self.descend_async(&mut init.expr);
            } else {
                self.visit_expr_mut(&mut init.expr);
            }
            self.touch_by(&local.pat, &init.expr);
            if let Some((_, diverge)) = &mut init.diverge {
                self.visit_expr_mut(diverge);
            }
            if self.is_same(&local.pat, &init.expr) {
                return Vec::new();
            }
        }
        let bound = self.bind_pattern(&mut local.pat);
        if local.init.as_ref().is_none_or(|init| init.diverge.is_none()) {
            for index in &bound {
                self.bindings[*index].may_be_constant = false;
            }
        }
        let is_declared = local.init.is_none();
        for index in &bound {
            self.bindings[*index].is_declared = is_declared;
        }
        bound.into_iter().flat_map(|index| self.keeping.bound(&self.bindings, index, is_declared)).collect()
    }

    /// `let x = x;`: an argument that is moved to where it is used stays what it was. So does `let mut x = x;`, unless
    /// it ends before the function does and the argument is there again.
    fn is_same(&mut self, pat: &Pat, init: &Expr) -> bool {
        let (Pat::Ident(pat), Expr::Path(path)) = (pat, init) else { return false };
        let is_mutable = pat.mutability.is_some();
        if !path.path.is_ident(&pat.ident) || (is_mutable && self.depth > 1) {
            return false;
        }
        if let Some(index) = self.index_of(&pat.ident) {
            self.bindings[index].is_mutable |= is_mutable;
        }
        true
    }

    /// A block with names bound around it, which are kept from its beginning on.
    fn block_with(&mut self, block: &mut Block, around: Vec<usize>) {
        let bound = self.scoped(|walk| walk.statements(block));
        self.begin(block, around, bound);
    }

    fn begin(&self, block: &mut Block, around: Vec<usize>, bound: bool) {
        if around.is_empty() && !bound {
            return;
        }
        let statements = std::mem::take(&mut block.stmts);
        block.stmts.extend(self.keeping.scope());
        block
            .stmts
            .extend(around.into_iter().flat_map(|index| self.keeping.bound(&self.bindings, index, false)));
        block.stmts.extend(statements);
    }

    /// A condition: what the `let`s in it bind.
    fn condition(&mut self, condition: &mut Expr) -> Vec<usize> {
        match condition {
            Expr::Let(binding) => {
                self.touch_by(&binding.pat, &binding.expr);
                self.visit_expr_mut(&mut binding.expr);
                self.bind_pattern(&mut binding.pat)
            }
            Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
                let mut bound = self.condition(&mut binary.left);
                bound.extend(self.condition(&mut binary.right));
                bound
            }
            other => {
                self.visit_expr_mut(other);
                Vec::new()
            }
        }
    }

    fn branch(&mut self, branch: &mut ExprIf) {
        self.scoped(|walk| {
            let bound = walk.condition(&mut branch.cond);
            walk.block_with(&mut branch.then_branch, bound);
        });
        if let Some((_, other)) = &mut branch.else_branch {
            self.visit_expr_mut(other);
        }
    }

    fn while_loop(&mut self, repeated: &mut ExprWhile) {
        self.in_loop(|walk| {
            walk.scoped(|walk| {
                let bound = walk.condition(&mut repeated.cond);
                walk.block_with(&mut repeated.body, bound);
            });
        });
    }

    fn for_loop(&mut self, repeated: &mut ExprForLoop) {
        self.visit_expr_mut(&mut repeated.expr);
        self.in_loop(|walk| {
            walk.scoped(|walk| {
                let bound = walk.bind_pattern(&mut repeated.pat);
                walk.block_with(&mut repeated.body, bound);
            });
        });
    }

    fn matching(&mut self, matching: &mut ExprMatch) {
        self.visit_expr_mut(&mut matching.expr);
        for arm in &mut matching.arms {
            let attrs = arm.attrs.clone();
            self.touch_by(&arm.pat, &matching.expr);
            self.under(&attrs, |walk| walk.scoped(|walk| walk.arm(arm)));
        }
    }

    fn arm(&mut self, arm: &mut Arm) {
        let mut bound = self.bind_pattern(&mut arm.pat);
        if let Pat::Guard(guarded) = &mut arm.pat {
            bound.extend(self.condition(&mut guarded.guard));
        }
        if let Expr::Block(body) = &mut *arm.body
            && body.label.is_none()
            && body.attrs.is_empty()
        {
            self.block_with(&mut body.block, bound);
            return;
        }
        self.visit_expr_mut(&mut arm.body);
        if !bound.is_empty() {
            let body = &arm.body;
            let mut block = expand::block_of(body);
            self.begin(&mut block, bound, false);
            *arm.body = expand::expr_of(block);
        }
    }

    /// An assignment, followed by what keeps the new values.
    fn assigned(&mut self, expr: &mut Expr, names: &[Ident]) {
        let mut kept = Vec::new();
        for name in names {
            let mut hidden = TokenStream::new();
            for index in self.indices_of(&name.to_string()) {
                self.bindings[index].is_assigned = true;
                let binding = &self.bindings[index];
                let cfgs = binding.cfgs.get(self.cfgs.len()..).unwrap_or_default();
                let assigned = self.keeping.assigned(binding, index, name);
                kept.extend(assigned.map(|assigned| quote!(#hidden #(#cfgs)* #assigned)));
                hidden.extend(expand::unless(cfgs));
            }
        }
        if !kept.is_empty() {
            *expr = expand::followed_by(expr, &kept);
        }
    }

    /// A closure that is called, or a future that is awaited, where it stands.
    fn descend_closure(&mut self, closure: &mut ExprClosure) {
        self.scoped(|walk| {
            let mut names = Names::default();
            closure.inputs.iter_mut().for_each(|pat| names.add(pat));
            if closure.capture.is_some() {
                walk.copies(closure.body.to_token_stream());
            }
            walk.names.extend(names.0.iter().map(|name| (name.ident.to_string(), usize::MAX)));
            walk.visit_expr_mut(&mut closure.body);
        });
    }

    fn descend_async(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Async(ExprAsync { block, capture, .. }) => self.scoped(|walk| {
                if capture.is_some() {
                    walk.copies(block.to_token_stream());
                }
                walk.block_with(block, Vec::new());
            }),
            other => self.visit_expr_mut(other),
        }
    }

    /// What is moved into a block may be a copy, whose changes the local does not see.
    fn copies(&mut self, tokens: TokenStream) {
        self.mention(tokens, true);
        let is_copied = |binding: &Binding| binding.is_mutable && binding.origin != Origin::Argument;
        let bindings = &self.bindings;
        let copied = self.names.iter().filter(|(_, index)| bindings.get(*index).is_some_and(is_copied));
        let copied: Vec<_> = copied.map(|(name, _)| (name.clone(), usize::MAX)).collect();
        self.names.extend(copied);
    }
}

impl VisitMut for Walk<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        self.block_with(block, Vec::new());
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident() {
                    self.mention_word(&name.to_string(), false);
                }
            }
            Expr::If(branch) => self.branch(branch),
            Expr::While(repeated) => self.while_loop(repeated),
            Expr::ForLoop(repeated) => self.for_loop(repeated),
            Expr::Loop(repeated) => self.in_loop(|walk| walk.block_with(&mut repeated.body, Vec::new())),
            Expr::Match(matching) => self.matching(matching),
            Expr::Closure(closure) => self.mention(closure.to_token_stream(), true),
            Expr::Async(future) => self.mention(future.to_token_stream(), true),
            Expr::Const(_) => {}
            // The length is a constant.
            Expr::Repeat(repeated) => self.visit_expr_mut(&mut repeated.expr),
            Expr::Verbatim(tokens) => self.mention(tokens.clone(), true),
            Expr::Assign(assignment) => {
                self.visit_expr_mut(&mut assignment.right);
                let names = self.targets(&mut assignment.left);
                self.assigned(expr, &names);
            }
            Expr::Binary(binary) if changes_left(&binary.op) => {
                self.visit_expr_mut(&mut binary.right);
                let names = self.targets(&mut binary.left);
                // Such an operator of the user's may do anything, to the compiler it is a use.
                for name in &names {
                    self.mention_word(&name.to_string(), false);
                }
                self.assigned(expr, &names);
            }
            Expr::Reference(reference) => {
                if reference.mutability.is_some() {
                    self.touch(&reference.expr);
                }
                self.visit_expr_mut(&mut reference.expr);
            }
            Expr::RawAddr(address) => {
                self.touch(&address.expr);
                self.visit_expr_mut(&mut address.expr);
            }
            Expr::MethodCall(call) => {
                if !reads::only_reads(&call.method.to_string()) {
                    self.touch(&call.receiver);
                }
                visit_mut::visit_expr_method_call_mut(self, call);
            }
            Expr::Call(call) => {
                match called_closure(&mut call.func) {
                    Some(closure) => self.descend_closure(closure),
                    None => self.visit_expr_mut(&mut call.func),
                }
                call.args.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
            }
            Expr::Await(awaited) if self.is_async => self.descend_async(&mut awaited.base),
            other => visit_mut::visit_expr_mut(self, other),
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        self.mention(call.tokens.clone(), !is_reading(call));
    }

    /// Constants in it see no locals, and cannot keep any of theirs.
    fn visit_path_mut(&mut self, _path: &mut syn::Path) {}

    fn visit_angle_bracketed_generic_arguments_mut(
        &mut self,
        _arguments: &mut syn::AngleBracketedGenericArguments,
    ) {
    }

    fn visit_item_mut(&mut self, item: &mut Item) {
        // An item cannot see locals, but for a macro.
        if let Item::Macro(item) = item {
            self.mention(item.mac.tokens.clone(), true);
        }
    }

    fn visit_type_mut(&mut self, _ty: &mut syn::Type) {}
}

impl Walk<'_> {
    /// The names that an assignment gives new values to as a whole; of other places it is seen that they change.
    fn targets(&mut self, place: &mut Expr) -> Vec<Ident> {
        match place {
            Expr::Path(path) => path.path.get_ident().cloned().into_iter().collect(),
            Expr::Paren(inner) => self.targets(&mut inner.expr),
            Expr::Group(inner) => self.targets(&mut inner.expr),
            Expr::Tuple(tuple) => tuple.elems.iter_mut().flat_map(|place| self.targets(place)).collect(),
            Expr::Array(array) => array.elems.iter_mut().flat_map(|place| self.targets(place)).collect(),
            Expr::Call(call) => call.args.iter_mut().flat_map(|place| self.targets(place)).collect(),
            Expr::Struct(taken) => {
                taken.fields.iter_mut().flat_map(|field| self.targets(&mut field.expr)).collect()
            }
            Expr::Index(indexed) if is_indexed_name(&indexed.expr) => {
                self.visit_expr_mut(&mut indexed.expr);
                self.visit_expr_mut(&mut indexed.index);
                root(&indexed.expr).cloned().into_iter().collect()
            }
            other => {
                self.touch(other);
                self.visit_expr_mut(other);
                Vec::new()
            }
        }
    }
}

/// The names in a pattern, each once, and what is given to macros in it.
#[derive(Default)]
pub(super) struct Names(pub(super) Vec<PatIdent>, Vec<TokenStream>);

impl Names {
    pub(super) fn add(&mut self, pat: &mut Pat) {
        each_part(pat, &mut |part| match part {
            Pat::Ident(name) if !self.0.iter().any(|known| known.ident == name.ident) => {
                self.0.push(name.clone());
            }
            Pat::Macro(call) => self.1.push(call.mac.tokens.clone()),
            _ => {}
        });
    }
}

/// What is expected of the names has to come true: were they kept, they would be used.
pub(super) fn expects_unused(attr: &Attribute) -> bool {
    const UNUSED: [&str; 3] = ["unused", "unused_variables", "unused_mut"];
    let is_unused = |word: &Ident| UNUSED.iter().any(|unused| word == unused);
    attr.path().is_ident("expect") && find(&attr.meta.to_token_stream(), &is_unused).is_some()
}

/// A name and nothing else: a constant may have it.
fn is_bare(pat: &PatIdent) -> bool {
    pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none()
}

/// Whether there is a `ref mut name` in a pattern.
pub(super) fn borrows_mutably(pat: &Pat) -> bool {
    let mut names = Names::default();
    names.add(&mut pat.clone());
    names.0.iter().any(|name| name.by_ref.is_some() && name.mutability.is_some())
}

/// The local or argument that a place is a part of, as far as it is not behind a pointer.
fn root(place: &Expr) -> Option<&Ident> {
    match place {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Field(field) => root(&field.base),
        Expr::Index(indexed) => root(&indexed.expr),
        Expr::Paren(inner) => root(&inner.expr),
        Expr::Group(inner) => root(&inner.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => root(&unary.expr),
        _ => None,
    }
}

/// `x`, or `x[..]`: assigning to an item of these needs the whole of `x`.
fn is_indexed_name(place: &Expr) -> bool {
    match place {
        Expr::Path(path) => path.path.get_ident().is_some(),
        Expr::Index(indexed) => is_indexed_name(&indexed.expr),
        _ => false,
    }
}

fn changes_left(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

fn is_reading(call: &Macro) -> bool {
    let name = call.path.segments.last().map(|last| last.ident.to_string());
    name.is_some_and(|name| reads::is_reading_macro(&name))
}

/// `(|| ..)` of `(|| ..)()`.
fn called_closure(func: &mut Expr) -> Option<&mut ExprClosure> {
    match func {
        Expr::Paren(inner) => called_closure(&mut inner.expr),
        Expr::Group(inner) => called_closure(&mut inner.expr),
        Expr::Closure(closure) if closure.asyncness.is_none() => Some(closure),
        _ => None,
    }
}

/// The future that `#[tracing::instrument]` makes of a body, and awaits a little later.
fn is_instrumented(pat: &Pat) -> bool {
    matches!(pat, Pat::Ident(pat) if pat.ident == "__tracing_instrument_future")
}

/// The attributes of an expression.
fn attributes(expr: &Expr) -> &[Attribute] {
    macro_rules! attributes_of {
        ($($kind:ident)+) => {
            match expr {
                $(Expr::$kind(expr) => &expr.attrs,)+
                _ => &[],
            }
        };
    }
    attributes_of! {
        Array Assign Async Await Binary Block Break Call Cast Closure Const Continue Field ForLoop Group If Index Infer
        Let Lit Loop Macro Match MethodCall Paren Path Range RawAddr Reference Repeat Return Struct Try Tuple Unary Unsafe While
    }
}

/// The words that may be names which a format string captures: `"{x:?} {y:>width$}"`.
fn captured(literal: &str) -> impl Iterator<Item = &str> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let inside = literal.split('{').skip(1).filter_map(|piece| piece.split('}').next());
    inside.flat_map(move |inside| inside.split(move |letter| !is_word(letter)))
}
