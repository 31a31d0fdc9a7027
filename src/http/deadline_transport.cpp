#include "bqconn/http/deadline_transport.hpp"

#include <algorithm>
#include <utility>

namespace bqconn::http {

using std::chrono::milliseconds;

DeadlineTransport::DeadlineTransport(std::unique_ptr<Transport> inner, milliseconds limit, Now now)
    : inner_(std::move(inner)), now_(std::move(now)), deadline_(now_() + limit) {}

Response DeadlineTransport::send(const Request& request) {
    const auto left = std::chrono::floor<milliseconds>(deadline_ - now_());
    if (left <= milliseconds(0)) {
        throw TransportError(Sent::no, ExitCode::network, "network.timeout",
                             "the time limit for all calls has expired", "");
    }
    Request limited = request;
    limited.timeout = std::min(left, request.timeout.value_or(left));
    return inner_->send(limited);
}

}  // namespace bqconn::http
