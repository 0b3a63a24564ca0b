//! Requests about collections and aliases.

use std::time::Instant;

use ::qdrant_client::qdrant::alias_operations::Action;
use ::qdrant_client::qdrant::collections_server::Collections;
use ::qdrant_client::qdrant::vectors_config::Config;
use ::qdrant_client::qdrant::{self, *};
use qdrant_edge::{Distance, EdgeConfig, EdgeShard, EdgeSparseVectorParams, EdgeVectorParams, Modifier};
use tonic::{Request, Response, Status};

use super::{State, unimplemented_requests};

#[tonic::async_trait]
impl Collections for State {
    async fn create(
        &self,
        request: Request<CreateCollection>,
    ) -> Result<Response<CollectionOperationResponse>, Status> {
        let (begun, create) = (Instant::now(), request.into_inner());
        let Some(Config::ParamsMap(vectors)) = create.vectors_config.and_then(|vectors| vectors.config) else {
            return Err(Status::invalid_argument("named vectors expected"));
        };
        let mut config = EdgeConfig::builder();
        for (name, params) in vectors.map {
            assert_eq!(params.distance(), qdrant::Distance::Cosine);
            config = config.vector(
                name,
                EdgeVectorParams::builder(params.size as usize, Distance::Cosine).build(),
            );
        }
        for (name, params) in create.sparse_vectors_config.unwrap_or_default().map {
            assert_eq!(params.modifier(), qdrant::Modifier::Idf);
            config = config.sparse_vector(name, EdgeSparseVectorParams::builder().modifier(Modifier::Idf).build());
        }
        let dir = self.dir.path().join(&create.collection_name);
        std::fs::create_dir(&dir).map_err(|e| Status::already_exists(e.to_string()))?;
        let shard = EdgeShard::new(&dir, config.build()).map_err(|e| Status::internal(e.to_string()))?;
        self.collections
            .lock()
            .unwrap()
            .insert(create.collection_name, shard.into());
        Ok(done(begun))
    }

    async fn delete(
        &self,
        request: Request<DeleteCollection>,
    ) -> Result<Response<CollectionOperationResponse>, Status> {
        let (begun, name) = (Instant::now(), request.into_inner().collection_name);
        self.collections.lock().unwrap().remove(&name);
        std::fs::remove_dir_all(self.dir.path().join(name)).map_err(|e| Status::not_found(e.to_string()))?;
        Ok(done(begun))
    }

    async fn collection_exists(
        &self,
        request: Request<CollectionExistsRequest>,
    ) -> Result<Response<CollectionExistsResponse>, Status> {
        let exists = self.shard(&request.into_inner().collection_name).is_ok();
        Ok(Response::new(CollectionExistsResponse {
            result: Some(CollectionExists { exists }),
            time: 0.0,
        }))
    }

    async fn get(
        &self,
        request: Request<GetCollectionInfoRequest>,
    ) -> Result<Response<GetCollectionInfoResponse>, Status> {
        let shard = self.shard(&request.into_inner().collection_name)?;
        let vectors = shard.config().vectors.clone().into_iter().map(|(name, params)| {
            let size = params.size as u64;
            (
                name,
                VectorParams {
                    size,
                    distance: qdrant::Distance::Cosine.into(),
                    ..VectorParams::default()
                },
            )
        });
        let map = VectorParamsMap { map: vectors.collect() };
        let params = CollectionParams {
            vectors_config: Some(VectorsConfig {
                config: Some(Config::ParamsMap(map)),
            }),
            ..CollectionParams::default()
        };
        let config = CollectionConfig {
            params: Some(params),
            ..CollectionConfig::default()
        };
        let info = CollectionInfo {
            config: Some(config),
            ..CollectionInfo::default()
        };
        Ok(Response::new(GetCollectionInfoResponse {
            result: Some(info),
            time: 0.0,
        }))
    }

    async fn update_aliases(
        &self,
        request: Request<ChangeAliases>,
    ) -> Result<Response<CollectionOperationResponse>, Status> {
        let begun = Instant::now();
        for operation in request.into_inner().actions {
            let Some(Action::CreateAlias(create)) = operation.action else {
                return Err(Status::unimplemented("only the creation of aliases"));
            };
            self.shard(&create.collection_name)?;
            self.aliases
                .lock()
                .unwrap()
                .insert(create.alias_name, create.collection_name);
        }
        Ok(done(begun))
    }

    unimplemented_requests! {
        list(ListCollectionsRequest) -> ListCollectionsResponse;
        update(UpdateCollection) -> CollectionOperationResponse;
        list_collection_aliases(ListCollectionAliasesRequest) -> ListAliasesResponse;
        list_aliases(ListAliasesRequest) -> ListAliasesResponse;
        collection_cluster_info(CollectionClusterInfoRequest) -> CollectionClusterInfoResponse;
        update_collection_cluster_setup(UpdateCollectionClusterSetupRequest) -> UpdateCollectionClusterSetupResponse;
        create_shard_key(CreateShardKeyRequest) -> CreateShardKeyResponse;
        delete_shard_key(DeleteShardKeyRequest) -> DeleteShardKeyResponse;
        list_shard_keys(ListShardKeysRequest) -> ListShardKeysResponse;
    }
}

fn done(begun: Instant) -> Response<CollectionOperationResponse> {
    Response::new(CollectionOperationResponse {
        result: true,
        time: begun.elapsed().as_secs_f64(),
    })
}
