//! Requests about points.

use ::qdrant_client::qdrant::points_server::Points;
use ::qdrant_client::qdrant::*;
use qdrant_edge::{
    CountRequest, CreateIndex, EdgeShard, FieldIndexOperations, PayloadFieldSchema, PayloadSchemaType,
    PointInsertOperations, PointOperations, QueryEnum, QueryRequest, ScoringQuery, ScrollRequest, SearchParams,
    UpdateOperation, WithPayloadInterface, WithVector,
};
use tonic::{Request, Response, Status};

use super::{State, translate, unimplemented_requests};

#[tonic::async_trait]
impl Points for State {
    async fn upsert(&self, request: Request<UpsertPoints>) -> Result<Response<PointsOperationResponse>, Status> {
        let upsert = request.into_inner();
        let points = upsert
            .points
            .into_iter()
            .map(translate::point)
            .collect::<Result<Vec<_>, _>>()?;
        let operation = PointOperations::UpsertPoints(PointInsertOperations::PointsList(points));
        update(
            &*self.shard(&upsert.collection_name)?,
            UpdateOperation::PointOperation(operation),
        )
    }

    async fn create_field_index(
        &self,
        request: Request<CreateFieldIndexCollection>,
    ) -> Result<Response<PointsOperationResponse>, Status> {
        let create = request.into_inner();
        let schema = match create.field_type() {
            FieldType::Keyword => PayloadSchemaType::Keyword,
            FieldType::Integer => PayloadSchemaType::Integer,
            other => return Err(Status::unimplemented(other.as_str_name())),
        };
        let operation = FieldIndexOperations::CreateIndex(CreateIndex {
            field_name: create
                .field_name
                .parse()
                .map_err(|()| Status::invalid_argument("field name"))?,
            field_schema: Some(PayloadFieldSchema::FieldType(schema)),
        });
        update(
            &*self.shard(&create.collection_name)?,
            UpdateOperation::FieldIndexOperation(operation),
        )
    }

    async fn query_batch(&self, request: Request<QueryBatchPoints>) -> Result<Response<QueryBatchResponse>, Status> {
        let batch = request.into_inner();
        let shard = self.shard(&batch.collection_name)?;
        let result = batch
            .query_points
            .into_iter()
            .map(|query| nearest(&shard, query))
            .collect::<Result<_, _>>()?;
        Ok(Response::new(QueryBatchResponse {
            result,
            time: 0.0,
            usage: None,
        }))
    }

    async fn scroll(&self, request: Request<ScrollPoints>) -> Result<Response<ScrollResponse>, Status> {
        let scroll = request.into_inner();
        let filter = scroll.filter.map(translate::filter).transpose()?;
        let wanted = ScrollRequest {
            filter,
            limit: scroll.limit.map(|n| n as usize),
            ..ScrollRequest::default()
        };
        let (records, _) = self
            .shard(&scroll.collection_name)?
            .scroll(wanted)
            .map_err(translate::failed)?;
        let result = records.into_iter().map(|record| RetrievedPoint {
            id: Some(translate::id(&record.id)),
            payload: translate::payload(record.payload),
            ..RetrievedPoint::default()
        });
        Ok(Response::new(ScrollResponse {
            result: result.collect(),
            ..ScrollResponse::default()
        }))
    }

    async fn count(&self, request: Request<CountPoints>) -> Result<Response<CountResponse>, Status> {
        let count = request.into_inner();
        let filter = count.filter.map(translate::filter).transpose()?;
        let wanted = CountRequest {
            filter,
            exact: count.exact.unwrap_or(true),
        };
        let found = self
            .shard(&count.collection_name)?
            .count(wanted)
            .map_err(translate::failed)?;
        let result = Some(CountResult { count: found as u64 });
        Ok(Response::new(CountResponse {
            result,
            ..CountResponse::default()
        }))
    }

    unimplemented_requests! {
        delete(DeletePoints) -> PointsOperationResponse;
        get(GetPoints) -> GetResponse;
        update_vectors(UpdatePointVectors) -> PointsOperationResponse;
        delete_vectors(DeletePointVectors) -> PointsOperationResponse;
        set_payload(SetPayloadPoints) -> PointsOperationResponse;
        overwrite_payload(SetPayloadPoints) -> PointsOperationResponse;
        delete_payload(DeletePayloadPoints) -> PointsOperationResponse;
        clear_payload(ClearPayloadPoints) -> PointsOperationResponse;
        delete_field_index(DeleteFieldIndexCollection) -> PointsOperationResponse;
        create_vector_name(CreateVectorNameRequest) -> PointsOperationResponse;
        delete_vector_name(DeleteVectorNameRequest) -> PointsOperationResponse;
        search(SearchPoints) -> SearchResponse;
        search_batch(SearchBatchPoints) -> SearchBatchResponse;
        search_groups(SearchPointGroups) -> SearchGroupsResponse;
        recommend(RecommendPoints) -> RecommendResponse;
        recommend_batch(RecommendBatchPoints) -> RecommendBatchResponse;
        recommend_groups(RecommendPointGroups) -> RecommendGroupsResponse;
        discover(DiscoverPoints) -> DiscoverResponse;
        discover_batch(DiscoverBatchPoints) -> DiscoverBatchResponse;
        update_batch(UpdateBatchPoints) -> UpdateBatchResponse;
        query(QueryPoints) -> QueryResponse;
        query_groups(QueryPointGroups) -> QueryGroupsResponse;
        facet(FacetCounts) -> FacetResponse;
        search_matrix_pairs(SearchMatrixPoints) -> SearchMatrixPairsResponse;
        search_matrix_offsets(SearchMatrixPoints) -> SearchMatrixOffsetsResponse;
    }
}

fn update(shard: &EdgeShard, operation: UpdateOperation) -> Result<Response<PointsOperationResponse>, Status> {
    shard.update(operation).map_err(translate::failed)?;
    let result = Some(UpdateResult {
        operation_id: None,
        status: UpdateStatus::Completed.into(),
    });
    Ok(Response::new(PointsOperationResponse {
        result,
        ..PointsOperationResponse::default()
    }))
}

fn nearest(shard: &EdgeShard, query: QueryPoints) -> Result<BatchResult, Status> {
    let exact = query.params.as_ref().and_then(|params| params.exact).unwrap_or(false);
    let points = shard
        .query(QueryRequest {
            prefetches: Vec::new(),
            query: Some(ScoringQuery::Vector(QueryEnum::Nearest(translate::query(
                query.query,
                query.using,
            )?))),
            filter: query.filter.map(translate::filter).transpose()?,
            score_threshold: None,
            limit: query.limit.unwrap_or(10) as usize,
            offset: 0,
            params: Some(SearchParams {
                exact,
                ..SearchParams::default()
            }),
            with_vector: WithVector::Bool(false),
            with_payload: WithPayloadInterface::Bool(true),
        })
        .map_err(translate::failed)?;
    let result = points.into_iter().map(|point| ScoredPoint {
        id: Some(translate::id(&point.id)),
        payload: translate::payload(point.payload),
        score: point.score,
        version: point.version,
        ..ScoredPoint::default()
    });
    Ok(BatchResult {
        result: result.collect(),
    })
}
