// What every verb that calls Adobe needs: a transport, a token, and Flow Service using both.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "bqconn/auth/token_cache.hpp"
#include "bqconn/commands/context.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::commands {

// The folder of cached tokens; empty: no cache.
std::string token_folder(const Context& context);

// The token cache for this access; with --no-cache it stores nothing.
auth::TokenCache token_cache(Context& context, const config::Settings& settings,
                             const connection::Access& access);

// Retries where it is safe, and logs each attempt if logging is on.
std::unique_ptr<http::Transport> make_transport(Context& context, const config::Settings& settings);

class Session {
  public:
    Session(Context& context, const config::Settings& settings, const connection::Access& access);

    // For completion: no retries, at most `limit` for all calls together, and no output or log.
    Session(Context& context, const config::Settings& settings, const connection::Access& access,
            std::chrono::milliseconds limit);

    flow::FlowService& service() { return service_; }

  private:
    std::unique_ptr<http::Transport> transport_;
    std::unique_ptr<http::Transport> token_transport_;  // null: use transport_
    flow::FlowService service_;
};

}  // namespace bqconn::commands
