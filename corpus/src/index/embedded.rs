//! The index inside the process: one Qdrant Edge shard in the release's folder.
//!
//! The engine blocks, and a few of its calls panic where they should fail (a flush onto a full disk). So every call runs on
//! the blocking pool, where a panic ends as an error of this module.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use qdrant_edge::{
    AnyVariants, Condition as EdgeCondition, CountRequest, CreateIndex, Distance, EdgeConfig, EdgeShard,
    EdgeSparseVectorParams, EdgeVectorParams, FieldCondition, FieldIndexOperations, Filter as EdgeFilter, JsonPath,
    Match, Modifier, NamedQuery, OperationError, Payload, PayloadFieldSchema, PayloadSchemaType, PointId,
    PointInsertOperations, PointOperations, PointStruct, QueryEnum, QueryRequest, Range, ScoringQuery, ScrollRequest,
    SearchParams, SparseVector as EdgeSparse, UpdateOperation, Vector, VectorInternal, Vectors, WithPayloadInterface,
    WithVector, external::ordered_float::OrderedFloat,
};
use serde_json::Value;

use super::filter::Condition;
use super::payload::{self, DAY_FIELDS, PASSAGE, WORD_FIELDS};
use super::{DENSE, EXACT_UP_TO, Filter, IndexError, Point, Ranked, SPARSE, Search};
use crate::analysis::SparseVector;
use crate::passage::PassageId;

/// The index of one release, open in this process. One process at a time can have it open.
#[derive(Clone)]
pub struct EmbeddedIndex {
    shard: Arc<Shard>,
    dimensions: usize,
}

/// The engine flushes when it is dropped, and panics where it cannot: its folder removed, its disk full. Everything that
/// counts is on disk by then ([`EmbeddedIndex::finish`]), so the panic ends here and not in whoever held the last clone.
struct Shard(Option<EdgeShard>);

impl Drop for Shard {
    fn drop(&mut self) {
        let shard = self.0.take();
        if catch_unwind(AssertUnwindSafe(move || drop(shard))).is_err() {
            tracing::warn!("the embedded index could not be closed cleanly");
        }
    }
}

impl EmbeddedIndex {
    /// Makes an empty index in a folder that holds none.
    pub async fn create(dir: PathBuf, dimensions: usize) -> Result<Self, IndexError> {
        blocking("created the index", move || {
            if dir.join(CONFIG_FILE).exists() {
                return Err(IndexError::Exists(dir.display().to_string()));
            }
            std::fs::create_dir_all(&dir).map_err(|e| engine("created the index", e))?;
            let shard = EdgeShard::new(&dir, config(dimensions)).map_err(|e| opening(&dir, &e))?;
            for (field, schema) in schema() {
                let create = CreateIndex {
                    field_name: path(field)?,
                    field_schema: Some(PayloadFieldSchema::FieldType(schema)),
                };
                shard
                    .update(UpdateOperation::FieldIndexOperation(FieldIndexOperations::CreateIndex(
                        create,
                    )))
                    .map_err(|e| engine("created the index", e))?;
            }
            Ok(Self {
                shard: Arc::new(Shard(Some(shard))),
                dimensions,
            })
        })
        .await
    }

    /// Opens the index in a folder.
    pub async fn open(dir: PathBuf) -> Result<Self, IndexError> {
        blocking("opened the index", move || {
            if !dir.join(CONFIG_FILE).exists() {
                return Err(IndexError::Missing(format!("in {}", dir.display())));
            }
            let shard = EdgeShard::load(&dir, None).map_err(|e| opening(&dir, &e))?;
            let dimensions = shard.config().vectors.get(DENSE).map_or(0, |params| params.size);
            Ok(Self {
                shard: Arc::new(Shard(Some(shard))),
                dimensions,
            })
        })
        .await
    }

    /// Removes the index with its folder, if it is there.
    pub async fn remove(dir: PathBuf) -> Result<(), IndexError> {
        blocking("removed the index", move || match std::fs::remove_dir_all(&dir) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(engine("removed the index", e)),
            _ => Ok(()),
        })
        .await
    }

    pub(super) async fn insert(&self, points: &[Point]) -> Result<(), IndexError> {
        let stored: Vec<_> = points
            .iter()
            .map(|point| self.stored(point))
            .collect::<Result<_, _>>()?;
        self.run("inserted passages", move |shard| {
            let points = stored.into_iter().map(Into::into).collect();
            let upsert = PointOperations::UpsertPoints(PointInsertOperations::PointsList(points));
            shard.update(UpdateOperation::PointOperation(upsert))
        })
        .await
    }

    pub(super) async fn finish(&self) -> Result<(), IndexError> {
        self.run("put the index in order", |shard| {
            shard.optimize()?;
            shard.flush();
            Ok(())
        })
        .await
    }

    pub(super) async fn search(&self, search: &Search) -> Result<(Ranked, Ranked), IndexError> {
        if let Some(dense) = &search.dense {
            check_dimensions(self.dimensions, dense.len())?;
        }
        let dense = search.dense.clone().map(|vector| NamedQuery {
            query: VectorInternal::from(vector),
            using: Some(DENSE.into()),
        });
        let sparse = match &search.sparse {
            Some(vector) => Some(NamedQuery {
                query: VectorInternal::from(sparse_vector(vector)?),
                using: Some(SPARSE.into()),
            }),
            None => None,
        };
        let (filter, limit) = (edge_filter(&search.filter)?, search.limit);
        self.run("searched", move |shard| {
            let exact = shard.info().points_count <= EXACT_UP_TO;
            let nearest = |query: Option<NamedQuery<VectorInternal>>| match query {
                Some(query) => shard.query(request(query, filter.clone(), limit, exact)).map(ranked),
                None => Ok(Vec::new()),
            };
            Ok((nearest(dense)?, nearest(sparse)?))
        })
        .await
    }

    pub(super) async fn list(&self, filter: &Filter, limit: usize) -> Result<Vec<PassageId>, IndexError> {
        let filter = edge_filter(filter)?;
        self.run("listed passages", move |shard| {
            let request = ScrollRequest {
                filter,
                limit: Some(limit),
                ..ScrollRequest::default()
            };
            let (records, _) = shard.scroll(request)?;
            Ok(records
                .into_iter()
                .filter_map(|record| passage(record.payload))
                .collect())
        })
        .await
    }

    pub(super) async fn count(&self) -> Result<usize, IndexError> {
        self.run("counted", |shard| {
            shard.count(CountRequest {
                filter: None,
                exact: true,
            })
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&EdgeShard) -> Result<T, OperationError> + Send + 'static,
    ) -> Result<T, IndexError> {
        let shard = Arc::clone(&self.shard);
        blocking(doing, move || match &shard.0 {
            Some(shard) => work(shard).map_err(|e| engine(doing, e)),
            None => Err(engine(doing, "it is closed")),
        })
        .await
    }

    fn stored(&self, point: &Point) -> Result<PointStruct, IndexError> {
        check_dimensions(self.dimensions, point.dense.len())?;
        let vectors = Vectors::new_named([
            (DENSE, Vector::new_dense(point.dense.clone())),
            (SPARSE, Vector::from(sparse_vector(&point.sparse)?)),
        ]);
        let id = PointId::Uuid(payload::point_id(&point.passage));
        Ok(PointStruct::new(id, vectors, Value::Object(payload::fields(point))))
    }
}

/// The engine's own file that is there as soon as an index is.
const CONFIG_FILE: &str = "edge_config.json";

fn config(dimensions: usize) -> EdgeConfig {
    EdgeConfig::builder()
        .vector(DENSE, EdgeVectorParams::builder(dimensions, Distance::Cosine).build())
        .sparse_vector(
            SPARSE,
            EdgeSparseVectorParams::builder().modifier(Modifier::Idf).build(),
        )
        .build()
}

fn schema() -> impl Iterator<Item = (&'static str, PayloadSchemaType)> {
    let words = WORD_FIELDS.into_iter().map(|field| (field, PayloadSchemaType::Keyword));
    let days = DAY_FIELDS.into_iter().map(|field| (field, PayloadSchemaType::Integer));
    words.chain(days)
}

fn request(query: NamedQuery<VectorInternal>, filter: Option<EdgeFilter>, limit: usize, exact: bool) -> QueryRequest {
    QueryRequest {
        prefetches: Vec::new(),
        query: Some(ScoringQuery::Vector(QueryEnum::Nearest(query))),
        filter,
        score_threshold: None,
        limit,
        offset: 0,
        params: Some(SearchParams {
            exact,
            ..SearchParams::default()
        }),
        with_vector: WithVector::Bool(false),
        with_payload: WithPayloadInterface::Bool(true),
    }
}

fn ranked(points: Vec<qdrant_edge::ScoredPoint>) -> Ranked {
    points
        .into_iter()
        .filter_map(|point| Some((passage(point.payload)?, point.score)))
        .collect()
}

fn passage(payload: Option<Payload>) -> Option<PassageId> {
    match payload?.0.get(PASSAGE)? {
        Value::String(id) => Some(PassageId::parse(id)),
        _ => None,
    }
}

fn edge_filter(filter: &Filter) -> Result<Option<EdgeFilter>, IndexError> {
    let conditions: Vec<EdgeCondition> = filter
        .conditions()
        .into_iter()
        .map(edge_condition)
        .collect::<Result<_, _>>()?;
    let must = (!conditions.is_empty()).then_some(conditions);
    Ok(must.map(|must| EdgeFilter {
        must: Some(must),
        ..EdgeFilter::default()
    }))
}

fn edge_condition(condition: Condition) -> Result<EdgeCondition, IndexError> {
    let day = |n: i64| Some(OrderedFloat(n as f64));
    Ok(EdgeCondition::Field(match condition {
        Condition::OneOf(field, words) => {
            let any = AnyVariants::Strings(words.into_iter().collect());
            FieldCondition::new_match(path(field)?, Match::from(any))
        }
        Condition::AtMost(field, n) => FieldCondition::new_range(
            path(field)?,
            Range {
                lte: day(n),
                ..Range::default()
            },
        ),
        Condition::MoreThan(field, n) => FieldCondition::new_range(
            path(field)?,
            Range {
                gt: day(n),
                ..Range::default()
            },
        ),
    }))
}

fn path(field: &str) -> Result<JsonPath, IndexError> {
    field.parse().map_err(|()| engine("named a field", field))
}

fn sparse_vector(vector: &SparseVector) -> Result<EdgeSparse, IndexError> {
    EdgeSparse::new(vector.indices.clone(), vector.values.clone()).map_err(|e| engine("read a sparse vector", e))
}

fn check_dimensions(expected: usize, found: usize) -> Result<(), IndexError> {
    if expected == found {
        Ok(())
    } else {
        Err(IndexError::Dimensions { expected, found })
    }
}

async fn blocking<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, IndexError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(stopped) => Err(engine(doing, stopped)),
    }
}

fn engine(doing: &'static str, reason: impl ToString) -> IndexError {
    IndexError::Engine {
        doing,
        reason: reason.to_string(),
    }
}

/// The engine tells a held lock only in words.
fn opening(dir: &Path, error: &OperationError) -> IndexError {
    let reason = error.to_string();
    if reason.contains("WouldBlock") || reason.to_lowercase().contains("lock") || reason.contains("os error 11") {
        IndexError::Locked(dir.to_owned())
    } else {
        engine("opened the index", reason)
    }
}
