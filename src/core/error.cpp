#include "bqconn/core/error.hpp"

#include <utility>

namespace bqconn {

Error::Error(ExitCode exit_code, std::string code, const std::string& message, std::string hint)
    : std::runtime_error(message),
      exit_code_(exit_code),
      code_(std::move(code)),
      hint_(std::move(hint)) {}

void Error::set_answer(int status, std::string request_id) {
    status_ = status;
    request_id_ = std::move(request_id);
}

Error Error::answered_as(const Error& cause) const {
    Error same = *this;
    same.status_ = cause.status_;
    same.request_id_ = cause.request_id_;
    return same;
}

}  // namespace bqconn
