//! The index on a Qdrant server: one collection per release, and an alias that names the one that serves.
//!
//! Readers open the collection that their release's manifest names, not the alias: text and vectors then always belong
//! together, also in the moment of the switch. The alias is for operators and for other programs.

mod settings;

use std::collections::HashMap;
use std::time::Duration;

use qdrant_client::qdrant::{
    Condition as ServerCondition, CountPointsBuilder, CreateAliasBuilder, CreateCollectionBuilder,
    CreateFieldIndexCollectionBuilder, Distance, FieldType, Filter as ServerFilter, Modifier, NamedVectors,
    PointStruct, Query, QueryBatchPointsBuilder, QueryPoints, QueryPointsBuilder, Range, ScrollPointsBuilder,
    SearchParamsBuilder, SparseVectorParamsBuilder, SparseVectorsConfigBuilder, UpsertPointsBuilder, Value, Vector,
    VectorInput, VectorParamsBuilder, VectorsConfigBuilder, vectors_config,
};
use qdrant_client::{Payload, Qdrant, QdrantError};

pub use settings::ServerSettings;

use super::filter::Condition;
use super::payload::{self, DAY_FIELDS, PASSAGE, WORD_FIELDS};
use super::{DENSE, EXACT_UP_TO, Filter, IndexError, Point, Ranked, SPARSE, Search};
use crate::passage::PassageId;

/// How long a connection may take to come up. With [`READ_TIMEOUT`] it keeps "the server is gone" within two seconds.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(800);
/// How long a search may take.
const READ_TIMEOUT: Duration = Duration::from_millis(1_900);
/// How long a write or a new collection may take.
const WRITE_TIMEOUT: Duration = Duration::from_secs(60);

/// The index of one release on a Qdrant server.
#[derive(Clone)]
pub struct ServerIndex {
    reader: Qdrant,
    writer: Qdrant,
    url: String,
    alias: String,
    collection: String,
    dimensions: usize,
    exact: bool,
}

impl ServerIndex {
    /// Makes an empty collection for a release; there must be none.
    pub async fn create(settings: &ServerSettings, release: &str, dimensions: usize) -> Result<Self, IndexError> {
        let index = Self::connect(settings, release, dimensions)?;
        if index.exists().await? {
            return Err(IndexError::Exists(index.collection));
        }
        index.create_collection(settings.replicas).await?;
        index.create_field_indexes().await?;
        Ok(index)
    }

    /// Opens the collection of a finished release.
    pub async fn open(settings: &ServerSettings, release: &str) -> Result<Self, IndexError> {
        let mut index = Self::connect(settings, release, 0)?;
        if !index.exists().await? {
            return Err(IndexError::Missing(format!("{} at {}", index.collection, index.url)));
        }
        let info = index
            .reader
            .collection_info(&index.collection)
            .await
            .map_err(|e| index.failed(e))?;
        index.dimensions = dense_size(info.result.unwrap_or_default());
        index.exact = index.count().await? <= EXACT_UP_TO;
        Ok(index)
    }

    /// Removes the collection of a release, if it is there.
    pub async fn remove(settings: &ServerSettings, release: &str) -> Result<(), IndexError> {
        let index = Self::connect(settings, release, 0)?;
        if index.exists().await? {
            index
                .writer
                .delete_collection(&index.collection)
                .await
                .map_err(|e| index.failed(e))?;
        }
        Ok(())
    }

    /// The collection's name.
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// Points the alias at this release. One change on the server: readers see the old collection or this one.
    pub(super) async fn activate(&self) -> Result<(), IndexError> {
        let alias = CreateAliasBuilder::new(&self.collection, &self.alias);
        self.writer.create_alias(alias).await.map_err(|e| self.failed(e))?;
        Ok(())
    }

    pub(super) async fn insert(&self, points: &[Point]) -> Result<(), IndexError> {
        let stored: Vec<PointStruct> = points
            .iter()
            .map(|point| self.stored(point))
            .collect::<Result<_, _>>()?;
        let upsert = UpsertPointsBuilder::new(&self.collection, stored).wait(true);
        self.writer.upsert_points(upsert).await.map_err(|e| self.failed(e))?;
        Ok(())
    }

    pub(super) async fn search(&self, search: &Search) -> Result<(Ranked, Ranked), IndexError> {
        if let Some(dense) = &search.dense {
            self.check_dimensions(dense.len())?;
        }
        let dense = search
            .dense
            .as_ref()
            .map(|v| self.nearest(DENSE, VectorInput::new_dense(v.clone()), search));
        let sparse = search.sparse.as_ref().map(|v| {
            let vector = VectorInput::new_sparse(v.indices.clone(), v.values.clone());
            self.nearest(SPARSE, vector, search)
        });
        let wanted = [dense.is_some(), sparse.is_some()];
        let queries: Vec<QueryPoints> = dense.into_iter().chain(sparse).collect();
        if queries.is_empty() {
            return Ok((Ranked::new(), Ranked::new()));
        }
        let batch = QueryBatchPointsBuilder::new(&self.collection, queries);
        let reply = self.reader.query_batch(batch).await.map_err(|e| self.failed(e))?;
        let mut results = reply.result.into_iter().map(|batch| {
            let points = batch.result.into_iter();
            points
                .filter_map(|point| Some((passage(&point.payload)?, point.score)))
                .collect()
        });
        let [dense, sparse] = wanted.map(|asked| {
            if asked {
                results.next().unwrap_or_default()
            } else {
                Ranked::new()
            }
        });
        Ok((dense, sparse))
    }

    pub(super) async fn list(&self, filter: &Filter, limit: usize) -> Result<Vec<PassageId>, IndexError> {
        let scroll = ScrollPointsBuilder::new(&self.collection)
            .filter(server_filter(filter))
            .limit(u32::try_from(limit).unwrap_or(u32::MAX))
            .with_payload(true);
        let reply = self.reader.scroll(scroll).await.map_err(|e| self.failed(e))?;
        Ok(reply
            .result
            .iter()
            .filter_map(|point| passage(&point.payload))
            .collect())
    }

    pub(super) async fn count(&self) -> Result<usize, IndexError> {
        let count = CountPointsBuilder::new(&self.collection).exact(true);
        let reply = self.reader.count(count).await.map_err(|e| self.failed(e))?;
        Ok(reply
            .result
            .map_or(0, |result| usize::try_from(result.count).unwrap_or(usize::MAX)))
    }

    fn connect(settings: &ServerSettings, release: &str, dimensions: usize) -> Result<Self, IndexError> {
        settings.check_transport()?;
        let key = settings.api_key()?;
        let client = |timeout| {
            Qdrant::from_url(&settings.url)
                .api_key(key.clone())
                .connect_timeout(CONNECT_TIMEOUT)
                .timeout(timeout)
                .skip_compatibility_check()
                .build()
                .map_err(|e| IndexError::Setting {
                    setting: "url",
                    reason: e.to_string(),
                })
        };
        Ok(Self {
            reader: client(READ_TIMEOUT)?,
            writer: client(WRITE_TIMEOUT)?,
            url: settings.url.clone(),
            alias: settings.name.clone(),
            collection: format!("{}-{release}", settings.name),
            dimensions,
            exact: true,
        })
    }

    async fn exists(&self) -> Result<bool, IndexError> {
        self.reader
            .collection_exists(&self.collection)
            .await
            .map_err(|e| self.failed(e))
    }

    async fn create_collection(&self, replicas: u32) -> Result<(), IndexError> {
        let mut vectors = VectorsConfigBuilder::default();
        vectors.add_named_vector_params(
            DENSE,
            VectorParamsBuilder::new(self.dimensions as u64, Distance::Cosine),
        );
        let mut sparse = SparseVectorsConfigBuilder::default();
        sparse.add_named_vector_params(SPARSE, SparseVectorParamsBuilder::default().modifier(Modifier::Idf));
        let create = CreateCollectionBuilder::new(&self.collection)
            .vectors_config(vectors)
            .sparse_vectors_config(sparse)
            .replication_factor(replicas);
        self.writer
            .create_collection(create)
            .await
            .map_err(|e| self.failed(e))?;
        Ok(())
    }

    async fn create_field_indexes(&self) -> Result<(), IndexError> {
        let words = WORD_FIELDS.into_iter().map(|field| (field, FieldType::Keyword));
        let days = DAY_FIELDS.into_iter().map(|field| (field, FieldType::Integer));
        for (field, kind) in words.chain(days) {
            let create = CreateFieldIndexCollectionBuilder::new(&self.collection, field, kind).wait(true);
            self.writer
                .create_field_index(create)
                .await
                .map_err(|e| self.failed(e))?;
        }
        Ok(())
    }

    fn nearest(&self, name: &str, vector: VectorInput, search: &Search) -> QueryPoints {
        QueryPointsBuilder::new(&self.collection)
            .query(Query::new_nearest(vector))
            .using(name)
            .filter(server_filter(&search.filter))
            .params(SearchParamsBuilder::default().exact(self.exact))
            .limit(search.limit as u64)
            .with_payload(true)
            .build()
    }

    fn stored(&self, point: &Point) -> Result<PointStruct, IndexError> {
        self.check_dimensions(point.dense.len())?;
        let vectors = NamedVectors::default()
            .add_vector(DENSE, Vector::new_dense(point.dense.clone()))
            .add_vector(
                SPARSE,
                Vector::new_sparse(point.sparse.indices.clone(), point.sparse.values.clone()),
            );
        let id = payload::point_id(&point.passage).to_string();
        Ok(PointStruct::new(id, vectors, Payload::from(payload::fields(point))))
    }

    fn check_dimensions(&self, found: usize) -> Result<(), IndexError> {
        if found == self.dimensions {
            Ok(())
        } else {
            Err(IndexError::Dimensions {
                expected: self.dimensions,
                found,
            })
        }
    }

    /// Tells a server that is gone from one that refuses.
    fn failed(&self, error: QdrantError) -> IndexError {
        let url = self.url.clone();
        match error {
            QdrantError::ResponseError { status } => {
                let reason = format!("{:?}: {}", status.code(), first_line(status.message()));
                if is_absence(status.code() as i32, status.message()) {
                    IndexError::Unreachable { url, reason }
                } else {
                    IndexError::Refused { url, reason }
                }
            }
            QdrantError::ResourceExhaustedError {
                retry_after_seconds, ..
            } => IndexError::Refused {
                url,
                reason: format!("overloaded, try again in {retry_after_seconds} s"),
            },
            QdrantError::Io(source) => IndexError::Unreachable {
                url,
                reason: source.to_string(),
            },
            other => IndexError::Refused {
                url,
                reason: first_line(&other.to_string()).to_owned(),
            },
        }
    }
}

/// gRPC's codes for "nobody answered": cancelled (a timeout on this side), deadline exceeded, unavailable, and what the client
/// makes of a refused connection.
fn is_absence(code: i32, message: &str) -> bool {
    matches!(code, 1 | 4 | 14) || message.starts_with("Failed to connect") || message.contains("transport error")
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

fn dense_size(info: qdrant_client::qdrant::CollectionInfo) -> usize {
    let params = info
        .config
        .and_then(|config| config.params)
        .and_then(|params| params.vectors_config);
    match params.and_then(|vectors| vectors.config) {
        Some(vectors_config::Config::ParamsMap(map)) => map
            .map
            .get(DENSE)
            .map_or(0, |params| usize::try_from(params.size).unwrap_or(0)),
        _ => 0,
    }
}

fn server_filter(filter: &Filter) -> ServerFilter {
    let day = |n: i64| Some(n as f64);
    ServerFilter::must(filter.conditions().into_iter().map(|condition| match condition {
        Condition::OneOf(field, words) => ServerCondition::matches(field, words),
        Condition::AtMost(field, n) => ServerCondition::range(
            field,
            Range {
                lte: day(n),
                ..Range::default()
            },
        ),
        Condition::MoreThan(field, n) => ServerCondition::range(
            field,
            Range {
                gt: day(n),
                ..Range::default()
            },
        ),
    }))
}

fn passage(payload: &HashMap<String, Value>) -> Option<PassageId> {
    payload.get(PASSAGE)?.as_str().map(|id| PassageId::parse(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_is_gone_is_named_within_two_seconds() {
        let settings: ServerSettings = toml::from_str("url = 'http://127.0.0.1:1'").unwrap();
        let begun = std::time::Instant::now();
        let error = ServerIndex::open(&settings, "r").await.err().unwrap();
        assert!(matches!(error, IndexError::Unreachable { .. }), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
}
