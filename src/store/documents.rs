//! Documents: small JSON files behind `object_store`, synced to disk.

use std::path::Path;

use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, PutPayload, local::LocalFileSystem, path::Path as Key,
};

use super::StoreError;

#[derive(Debug)]
pub(super) struct Documents {
    files: LocalFileSystem,
}

impl Documents {
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        let files = LocalFileSystem::new_with_prefix(folder)
            .map_err(|error| StoreError::Document {
                path: folder.display().to_string(),
                error,
            })?
            .with_fsync(true);
        Ok(Self { files })
    }

    /// The text of a document, or `None` where there is none.
    pub(super) async fn get(&self, path: &str) -> Result<Option<String>, StoreError> {
        let failed = |error| StoreError::Document {
            path: path.to_owned(),
            error,
        };
        let bytes = match self.files.get(&Key::from(path)).await {
            Ok(found) => found.bytes().await.map_err(failed)?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        match String::from_utf8(bytes.into()) {
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(StoreError::damaged(path, error)),
        }
    }

    /// Whether there is such a document.
    pub(super) async fn exists(&self, path: &str) -> Result<bool, StoreError> {
        match self.files.head(&Key::from(path)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(StoreError::Document {
                path: path.to_owned(),
                error,
            }),
        }
    }

    /// Writes a document if there is none; says whether it did.
    pub(super) async fn create(&self, path: &str, text: String) -> Result<bool, StoreError> {
        let payload = PutPayload::from(text);
        match self
            .files
            .put_opts(&Key::from(path), payload, PutMode::Create.into())
            .await
        {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(StoreError::Document {
                path: path.to_owned(),
                error,
            }),
        }
    }

    /// Writes a document over whatever is there, in one step.
    pub(super) async fn replace(&self, path: &str, text: String) -> Result<(), StoreError> {
        match self
            .files
            .put(&Key::from(path), PutPayload::from(text))
            .await
        {
            Ok(_) => Ok(()),
            Err(error) => Err(StoreError::Document {
                path: path.to_owned(),
                error,
            }),
        }
    }

    /// Removes a document, where there is one.
    pub(super) async fn remove(&self, path: &str) -> Result<(), StoreError> {
        match self.files.delete(&Key::from(path)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::Document {
                path: path.to_owned(),
                error,
            }),
        }
    }
}
