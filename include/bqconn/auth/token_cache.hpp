// Keeps access tokens between runs, so that Adobe is asked for one a day and not for one a run: a
// file for each identity service, client and list of scopes. The client's secret is not in it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "bqconn/core/clock.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn::auth {

// What a token is for: another one is needed where one of these differs.
struct TokenKey {
    std::string ims_url;
    std::string client_id;
    std::string scopes;
};

struct CachedToken {
    Secret token;
    std::chrono::sys_seconds expires_at;
};

// A token is not used in its last minutes.
inline constexpr std::chrono::minutes renewed_before{5};

class TokenCache {
  public:
    // An empty folder: nothing is kept.
    TokenCache(std::string folder, TokenKey key);

    const std::string& path() const { return path_; }

    // The token, if there is one that is good for longer than renewed_before. A file that is
    // damaged, of another key, of another user or open to others is as if it were not there.
    std::optional<CachedToken> read(std::chrono::sys_seconds now) const;

    // Replaces the file in one step, with mode 0600; false if it cannot be written. Old files of
    // other keys are cleared away.
    bool write(const CachedToken& token, std::chrono::sys_seconds now) const;

    void remove() const;

    // Held by one process at a time, until it ends or lets go.
    class Lock {
      public:
        explicit Lock(int file) : file_(file) {}
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;
        Lock(Lock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
        Lock& operator=(Lock&&) = delete;
        ~Lock();

      private:
        int file_;
    };

    // None if another process holds it. Where nothing can be locked, everybody has the lock.
    std::optional<Lock> try_lock() const;

  private:
    std::string folder_;
    TokenKey key_;
    std::string path_;  // empty: nothing is kept
};

// $XDG_CACHE_HOME/bqconn, else ~/.cache/bqconn; empty if there is neither. Both as the variables
// say.
std::string cache_folder(std::string_view xdg_cache_home, std::string_view home);

// Removes every token that is kept in `folder`, and what belongs to it; how many tokens there were.
// Throws Error (config, "config.file_unremovable") if one cannot be removed; the others are.
std::size_t clear_tokens(const std::string& folder);

}  // namespace bqconn::auth
