// What every verb that talks to Adobe needs: a transport, a token, and Flow Service over both.
#pragma once

#include <memory>

#include "bqconn/commands/context.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::commands {

class Session {
  public:
    Session(Context& context, const config::Settings& settings, const connection::Access& access);

    flow::FlowService& service() { return service_; }

  private:
    std::unique_ptr<http::Transport> transport_;
    flow::FlowService service_;
};

}  // namespace bqconn::commands
