#include "bqconn/http/connect_ahead.hpp"

#include <algorithm>
#include <future>
#include <system_error>

namespace bqconn::http {

using std::chrono::milliseconds;

Response ConnectAhead::send(Request request, const std::function<Secret()>& authorize) {
    try {
        request.late_authorization = std::async(std::launch::async, authorize).share();
    } catch (const std::system_error&) {
        // No thread is available: do one after the other.
        request.authorization = authorize();
        return transport_.send(request);
    }
    const auto began = now_();
    try {
        return transport_.send(request);
    } catch (const NotReady&) {
        // Nothing was sent, so it can be sent now, in the time left.
        const auto taken = std::chrono::ceil<milliseconds>(now_() - began);
        request.timeout = std::max(timeout_ - taken, milliseconds(1));
    } catch (const TransportError&) {
        // What prevented the authorization, if anything, is the error to report.
        request.late_authorization.get();
        throw;
    }
    request.authorization = request.late_authorization.get();
    request.late_authorization = {};
    return transport_.send(request);
}

}  // namespace bqconn::http
