// What every verb that talks to Adobe needs: a transport, a token, and Flow Service over both.
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

// Where tokens are kept; empty: nowhere.
std::string token_folder(const Context& context);

// Where the tokens of this access are kept; nowhere with --no-cache.
auth::TokenCache token_cache(Context& context, const config::Settings& settings,
                             const connection::Access& access);

// Tries again what may be tried again, and logs each try if that was asked for.
std::unique_ptr<http::Transport> make_transport(Context& context, const config::Settings& settings);

class Session {
  public:
    Session(Context& context, const config::Settings& settings, const connection::Access& access);

    // For somebody who waits with a finger on the key: each call is made once, all of them together
    // within `limit`, and nothing is logged or said.
    Session(Context& context, const config::Settings& settings, const connection::Access& access,
            std::chrono::milliseconds limit);

    flow::FlowService& service() { return service_; }

  private:
    std::unique_ptr<http::Transport> transport_;
    std::unique_ptr<http::Transport> token_transport_;  // null: the other is used
    flow::FlowService service_;
};

}  // namespace bqconn::commands
