// The in-memory state of the emulated Adobe: access tokens, sandboxes, the resources of Flow
// Service and of the data lake, and the results of connection tests. Every member function is
// thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "emulator/server/message.hpp"

namespace bqconn::emulator {

struct Options;

inline constexpr std::chrono::seconds token_lifetime{86'399};

inline constexpr std::string_view usual_scopes =
    "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext";

// Values by name, such as what a token was issued for. Every member function is thread-safe.
template <typename Value>
class Table {
  public:
    using Time = std::chrono::system_clock::time_point;

    void put(const std::string& name, Value value, Time expires_at = Time::max()) {
        const std::lock_guard lock(mutex_);
        entries_.insert_or_assign(name, Entry{std::move(value), expires_at});
    }

    // None if it is unknown or has expired.
    std::optional<Value> find(const std::string& name, Time now = Time::min()) const {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(name);
        return found == entries_.end() || found->second.expires_at <= now
                   ? std::nullopt
                   : std::optional(found->second.value);
    }

    // Each value can be taken once.
    std::optional<Value> take(const std::string& name) {
        const std::lock_guard lock(mutex_);
        const auto node = entries_.extract(name);
        return node.empty() ? std::nullopt : std::optional(node.mapped().value);
    }

  private:
    struct Entry {
        Value value;
        Time expires_at;
    };
    mutable std::mutex mutex_;
    std::map<std::string, Entry> entries_;
};

// Version 4.
std::string random_uuid();

enum class Cloud { azure, aws };

struct Sandbox {
    std::string id = {};
    std::string name;
    std::string title;
    std::string type;
    std::string region;
    bool is_default = false;
    Cloud cloud = Cloud::azure;  // AWS has only service accounts
};

enum class Kind {
    // Flow Service.
    connection,
    source_connection,
    target_connection,
    flow,
    run,
    // The data lake (platform/lake.hpp).
    data_set,
    batch,
    schema,
    field_group,
    mapping_set,
};

// "connections", "sourceConnections", …: used in paths and error documents.
std::string collection_name(Kind kind);

// A resource of Flow Service, of any kind, is stored as it is returned: "id", "etag", "name",
// "createdAt", …, and the fields of its kind, which include a connection's credentials. A resource
// of the data lake is not returned as it is: its "body" is. Resources are never changed in place,
// so a list of them is a consistent snapshot.
using ResourcePointer = std::shared_ptr<const Json>;
using ResourceList = std::vector<ResourcePointer>;

// A filtered or sorted list. Everything with the same `key` must select the same.
struct Selection {
    std::string key;
    std::function<ResourceList(const ResourceList& all)> select = {};  // empty: everything
};

struct Page {
    ResourceList resources;
    std::size_t total = 0;  // of the whole selection
};

enum class Removal { removed, unknown, in_use };

class Store {
  public:
    // `options` must outlive the store.
    explicit Store(const Options& options);

    std::int64_t now() const;  // epoch milliseconds

    // Tokens are random and expire after token_lifetime.
    std::string issue_token(const std::string& client_id,
                            const std::string& scopes = std::string(usual_scopes));
    // The client that `token` was issued to; none if the token is unknown or expired.
    std::optional<std::string> client_of_token(const std::string& token) const;

    const std::vector<Sandbox>& sandboxes() const { return sandboxes_; }
    // Searches by name, never by title. The pointer is valid as long as the store.
    const Sandbox* find_sandbox(std::string_view name) const;

    // Adds the sandbox, and an id, etag and times if `resource` has none. Names need not be unique.
    ResourcePointer add(Kind kind, const Sandbox& sandbox, Json resource);
    // At most `count` resources from `first` on, in insertion order unless the selection sorts. A
    // selection is kept until its list changes, so that later pages cost only what they hold.
    Page page(Kind kind, const Sandbox& sandbox, const Selection& selection, std::size_t first,
              std::size_t count);
    // Unique to this run: part of the continuation tokens.
    const std::string& page_key() const { return page_key_; }
    // Null if the sandbox has no such resource.
    ResourcePointer find(Kind kind, const Sandbox& sandbox, const std::string& id) const;
    // Replaces the resource that has the id of `changed`, with a new etag and a later updatedAt.
    // Null if it is gone or its etag is no longer that of `changed`.
    ResourcePointer replace(Kind kind, const Sandbox& sandbox, Json changed);
    // Merges `changes` into the resource, unless it is gone. The etag and the times stay, unless
    // they are among the changes: this is the service's own change.
    void amend(Kind kind, const Sandbox& sandbox, const std::string& id, const Json& changes);
    // Refuses to remove a connection that a flow lists in its inheritedAttributes.
    Removal remove(Kind kind, const Sandbox& sandbox, const std::string& id);

    // The result of the next connection test. Using it up moves on to the one after.
    enum class Next { look, use_up };
    bool test_result(Next next);

  private:
    // The resources of one kind in one sandbox.
    struct Shelf {
        ResourceList in_order;  // of insertion
        std::unordered_map<std::string, ResourcePointer> by_id;
        std::map<std::string, ResourceList> selections;

        ResourcePointer find(const std::string& id) const;
        ResourceList::iterator position(const ResourcePointer& resource);
        // Replaces `old` with `changed`.
        ResourcePointer put(const ResourcePointer& old, Json changed);
    };

    Shelf& shelf(Kind kind, const Sandbox& sandbox) const;
    bool in_use(const Sandbox& sandbox, const std::string& id) const;

    const Options& options_;
    std::vector<Sandbox> sandboxes_;
    std::string page_key_;
    Table<std::string> tokens_;  // the client of each
    mutable std::mutex mutex_;   // guards what follows
    mutable std::map<std::pair<Kind, std::string>, Shelf> shelves_;
    std::size_t tests_ = 0;
};

}  // namespace bqconn::emulator
