// What the emulated services remember, in memory: access tokens, sandboxes, base connections. Every
// member function may be called from any thread.
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

enum class Cloud { azure, aws };

struct Sandbox {
    std::string id;
    std::string name;
    std::string title;
    std::string type;
    std::string region;
    bool is_default = false;

    Cloud cloud() const { return region == "VA6" ? Cloud::aws : Cloud::azure; }
};

struct Connection {
    std::string id;
    std::string sandbox_id;
    std::string sandbox_name;
    std::string org_id;
    std::string client;  // the api key it was made with
    std::string name;
    std::optional<std::string> description;
    Json connection_spec;
    Json auth;  // the credentials stand in it
    std::string state = "enabled";
    std::string etag;             // with its quotes
    std::int64_t created_at = 0;  // epoch milliseconds
    std::int64_t updated_at = 0;
};

// Connections are never changed in place, so a list of them is a consistent picture.
using ConnectionPointer = std::shared_ptr<const Connection>;

class Store {
  public:
    explicit Store(Clock clock);

    // Tokens are random and die after token_lifetime.
    std::string issue_token(const std::string& client_id);
    // The client that `token` was issued to; none if it is unknown or has expired.
    std::optional<std::string> client_of_token(const std::string& token) const;

    const std::vector<Sandbox>& sandboxes() const { return sandboxes_; }
    // By name, never by title. The pointer lives as long as the store.
    const Sandbox* find_sandbox(std::string_view name) const;

    // Gives `connection` its id, etag and times. Names need not be unique.
    ConnectionPointer add_connection(Connection connection);
    // Oldest first.
    std::vector<ConnectionPointer> connections(const Sandbox& sandbox) const;
    // None if there is no such connection in that sandbox.
    ConnectionPointer find_connection(const Sandbox& sandbox, std::string_view id) const;

  private:
    struct Token {
        std::string client_id;
        std::chrono::system_clock::time_point expires_at;
    };

    Clock clock_;
    std::vector<Sandbox> sandboxes_;
    mutable std::mutex mutex_;  // guards what follows
    std::map<std::string, Token> tokens_;
    std::vector<ConnectionPointer> connections_;
};

// A random UUID, version 4.
std::string random_uuid();

// In the form "\"ca00acbf-0000-0200-0000-60149e1e0000\"", quotes included.
std::string random_etag();

}  // namespace bqconn::emulator
