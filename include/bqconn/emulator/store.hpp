// The in-memory state of the emulated services: access tokens, sandboxes and Flow Service
// resources. Every member function is thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

using Clock = std::function<std::chrono::system_clock::time_point()>;

inline constexpr std::chrono::seconds token_lifetime{86'399};

inline constexpr std::string_view usual_scopes =
    "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext";

enum class Cloud { azure, aws };

struct Sandbox {
    std::string id;
    std::string name;
    std::string title;
    std::string type;
    std::string region;
    bool is_default = false;
    bool basic = true;  // false: only service accounts, as on AWS, regardless of the region

    Cloud cloud() const { return region == "VA6" || !basic ? Cloud::aws : Cloud::azure; }
};

enum class Kind { connection, source_connection, flow };

// A resource of Flow Service, of any kind.
struct Resource {
    std::string id;
    std::string sandbox_id;
    std::string sandbox_name;
    std::string org_id;
    std::string created_client;  // an API key
    std::string updated_client;
    std::string name;
    std::optional<std::string> description;
    std::string state = "enabled";
    // The fields specific to its kind ("auth", "baseConnectionId", …), as returned. They include a
    // connection's credentials.
    Json members = Json::object();
    std::string etag;             // with its quotes
    std::int64_t created_at = 0;  // epoch milliseconds
    std::int64_t updated_at = 0;
};

// Resources are never changed in place, so a list of them is a consistent snapshot.
using ResourcePointer = std::shared_ptr<const Resource>;

enum class Removal { removed, unknown, in_use };

class Store {
  public:
    // `basic`: whether Azure sandboxes support Basic Authentication.
    explicit Store(Clock clock, bool basic = true);

    std::int64_t now() const;  // epoch milliseconds

    // Tokens are random and expire after token_lifetime.
    std::string issue_token(const std::string& client_id,
                            const std::string& scopes = std::string(usual_scopes));
    // The client that `token` was issued to; none if the token is unknown or expired.
    std::optional<std::string> client_of_token(const std::string& token) const;

    const std::vector<Sandbox>& sandboxes() const { return sandboxes_; }
    // Searches by name, never by title. The pointer is valid as long as the store.
    const Sandbox* find_sandbox(std::string_view name) const;

    // Adds an id, etag and times if `resource` has none. Names need not be unique.
    ResourcePointer add(Kind kind, Resource resource);
    // In insertion order.
    std::vector<ResourcePointer> list(Kind kind, const Sandbox& sandbox) const;
    // Null if the sandbox has no such resource.
    ResourcePointer find(Kind kind, const Sandbox& sandbox, std::string_view id) const;
    // Replaces the resource that has the id of `changed`, with a new etag and a later updated_at.
    // Null if it is gone or its etag is no longer that of `changed`.
    ResourcePointer replace(Kind kind, Resource changed);
    // Refuses to remove a source connection that a flow uses, or its base connection.
    Removal remove(Kind kind, const Sandbox& sandbox, std::string_view id);

  private:
    struct Token {
        std::string client_id;
        std::chrono::system_clock::time_point expires_at;
    };

    bool in_use(Kind kind, std::string_view id) const;

    Clock clock_;
    std::vector<Sandbox> sandboxes_;
    mutable std::mutex mutex_;  // guards what follows
    std::map<std::string, Token> tokens_;
    std::map<Kind, std::vector<ResourcePointer>> resources_;
};

// A random UUID, version 4.
std::string random_uuid();

// Such as "\"ca00acbf-0000-0200-0000-60149e1e0000\"", including the quotes.
std::string random_etag();

}  // namespace bqconn::emulator
