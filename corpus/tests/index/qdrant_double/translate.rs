//! Wire types in, the engine's out, and back.

use std::collections::HashMap;

use qdrant_client::Payload;
use qdrant_client::qdrant::condition::ConditionOneOf;
use qdrant_client::qdrant::r#match::MatchValue;
use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::vectors::VectorsOptions;
use qdrant_client::qdrant::{Condition, Filter, PointId, PointStruct, Query, Value, query, vector, vector_input};
use qdrant_edge::{NamedQuery, PointStructPersisted, SparseVector, Vector, VectorInternal, Vectors};
use serde_json::{Value as Json, json};
use tonic::Status;

pub fn failed(error: impl ToString) -> Status {
    Status::internal(error.to_string())
}

pub fn point(point: PointStruct) -> Result<PointStructPersisted, Status> {
    let Some(PointIdOptions::Uuid(id)) = point.id.and_then(|id| id.point_id_options) else {
        return Err(Status::unimplemented("ids are UUIDs"));
    };
    let Some(VectorsOptions::Vectors(named)) = point.vectors.and_then(|vectors| vectors.vectors_options) else {
        return Err(Status::unimplemented("vectors are named"));
    };
    let vectors = named.vectors.into_iter().map(|(name, vector)| match vector.vector {
        Some(vector::Vector::Dense(dense)) => Ok((name, Vector::new_dense(dense.data))),
        Some(vector::Vector::Sparse(sparse)) => Vector::new_sparse(sparse.indices, sparse.values)
            .map(|sparse| (name, sparse))
            .map_err(failed),
        _ => Err(Status::unimplemented("dense and sparse vectors only")),
    });
    let vectors = Vectors::new_named(vectors.collect::<Result<Vec<_>, _>>()?);
    let fields = point.payload.into_iter().map(|(name, value)| (name, value.into_json()));
    let id = qdrant_edge::PointId::Uuid(id.parse().map_err(failed)?);
    Ok(qdrant_edge::PointStruct::new(id, vectors, Json::Object(fields.collect())).into())
}

pub fn query(query: Option<Query>, using: Option<String>) -> Result<NamedQuery<VectorInternal>, Status> {
    let Some(query::Variant::Nearest(input)) = query.and_then(|query| query.variant) else {
        return Err(Status::unimplemented("nearest only"));
    };
    let query = match input.variant {
        Some(vector_input::Variant::Dense(dense)) => VectorInternal::from(dense.data),
        Some(vector_input::Variant::Sparse(sparse)) => {
            VectorInternal::from(SparseVector::new(sparse.indices, sparse.values).map_err(failed)?)
        }
        _ => return Err(Status::unimplemented("dense and sparse vectors only")),
    };
    Ok(NamedQuery { query, using })
}

/// The engine reads the filters of Qdrant's JSON interface.
pub fn filter(filter: Filter) -> Result<qdrant_edge::Filter, Status> {
    let must = filter.must.into_iter().map(condition).collect::<Result<Vec<_>, _>>()?;
    serde_json::from_value(json!({ "must": must })).map_err(failed)
}

fn condition(condition: Condition) -> Result<Json, Status> {
    let Some(ConditionOneOf::Field(field)) = condition.condition_one_of else {
        return Err(Status::unimplemented("conditions on fields only"));
    };
    match (field.r#match.and_then(|m| m.match_value), field.range) {
        (Some(MatchValue::Keywords(words)), None) => Ok(json!({ "key": field.key, "match": { "any": words.strings } })),
        (None, Some(range)) => {
            let range = json!({ "lt": range.lt, "gt": range.gt, "lte": range.lte, "gte": range.gte });
            Ok(json!({ "key": field.key, "range": range }))
        }
        _ => Err(Status::unimplemented("keywords and ranges only")),
    }
}

pub fn id(id: &qdrant_edge::PointId) -> PointId {
    PointId {
        point_id_options: Some(PointIdOptions::Uuid(id.to_string())),
    }
}

pub fn payload(payload: Option<qdrant_edge::Payload>) -> HashMap<String, Value> {
    let fields: serde_json::Map<_, _> = payload
        .map(|payload| payload.0.into_iter().collect())
        .unwrap_or_default();
    Payload::from(fields).into()
}
