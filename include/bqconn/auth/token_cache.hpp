// Caches access tokens between runs, so that Adobe is asked once a day and not once a run. One file
// for each identity service, client and list of scopes; the client secret is not stored.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "bqconn/core/private_file.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn::auth {

// Identifies a token.
struct TokenKey {
    std::string ims_url;
    std::string client_id;
    std::string scopes;
};

struct CachedToken {
    Secret token;
    std::chrono::sys_seconds expires_at;
};

// A token is renewed this long before it expires.
inline constexpr std::chrono::minutes renewed_before{5};

class TokenCache {
  public:
    // An empty folder disables the cache.
    TokenCache(std::string folder, TokenKey key);

    const std::string& path() const { return path_; }

    // The token, if it is valid for longer than renewed_before. A file that is damaged, has another
    // key or owner, or is open to others is ignored.
    std::optional<CachedToken> read(std::chrono::sys_seconds now) const;

    // Replaces the file atomically, with mode 0600; false if it cannot be written. Removes old
    // files of other keys.
    bool write(const CachedToken& token, std::chrono::sys_seconds now) const;

    void remove() const;

    // A lock that one process at a time can hold, released on destruction or exit. None if another
    // process holds it. If locking is unsupported, returns a no-op lock.
    std::optional<Descriptor> try_lock() const;

  private:
    std::string folder_;
    TokenKey key_;
    std::string path_;  // empty: the cache is disabled
};

// Removes every cached token and lock file in `folder`; returns the number of tokens. Throws Error
// (config, "config.file_unremovable") if one cannot be removed; the others are.
std::size_t clear_tokens(const std::string& folder);

}  // namespace bqconn::auth
