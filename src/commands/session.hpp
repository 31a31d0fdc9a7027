// What every verb that calls Adobe needs: a transport, a token, and Flow Service using both.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bqconn/auth/access_token.hpp"
#include "bqconn/commands/verb.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/http/connect_ahead.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::commands {

// The folder of cached tokens; empty: no cache.
std::string token_folder(const Context& context);

// The token cache for this access; with --no-cache it stores nothing.
auth::TokenCache token_cache(Context& context, const config::Settings& settings,
                             const connection::Access& access);

// The user's own token, or one that is fetched over `transport` and hidden from all output. With a
// `limit` of all calls together, a refused token is not replaced.
auth::TokenSource token_source(Context& context, const config::Settings& settings,
                               const connection::Access& access, http::Transport& transport,
                               std::optional<std::chrono::milliseconds> limit = {});

// Retries where it is safe, and logs each attempt if logging is on. With a `limit` on all calls
// together: no retries and no log.
std::unique_ptr<http::Transport> make_transport(
    Context& context, const config::Settings& settings,
    std::optional<std::chrono::milliseconds> limit = {});

class Session {
  public:
    // With a `limit` on all calls together, for completion: no retries, and no output or log.
    Session(Context& context, const config::Settings& settings, const connection::Access& access,
            std::optional<std::chrono::milliseconds> limit = {});

    flow::FlowService& service() { return service_; }

    // Runs the reads in parallel, each over a connection of its own; one after another if the
    // transports do not support it. Waits for all, and throws the first error in their order.
    using Read = std::function<void(flow::FlowService& service)>;
    void read_all(const std::vector<Read>& reads);

  private:
    std::function<std::unique_ptr<http::Transport>()> make_another_;  // empty: not supported
    std::unique_ptr<http::Transport> transport_;
    std::unique_ptr<http::Transport> token_transport_;  // null: use transport_
    auth::TokenSource tokens_;
    std::unique_ptr<http::ConnectAhead> ahead_;  // null: connects when the token is there
    flow::FlowService service_;
};

}  // namespace bqconn::commands
