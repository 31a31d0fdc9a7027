// The create: a POST that leaves at most once, and what its answer means.
#pragma once

#include <string>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"

namespace bqconn::flow {

// Whether a POST that was answered with this status was acted on.
enum class Applied { yes, no, unknown };

Applied applied_by(int status);

// The POST left and no trustworthy answer came: the connection may exist. Exit code `unknown`.
class OutcomeUnknown : public Error {
  public:
    OutcomeUnknown(const std::string& what, const std::string& name, bool interrupted);

    // The run was stopped by a signal: there is no time to look for the connection.
    bool interrupted() const { return interrupted_; }

    // The same, with what looking for the connection has shown.
    OutcomeUnknown with(const std::string& seen) const;

  private:
    std::string name_;
    std::string what_;
    bool interrupted_;
};

// One POST. Throws OutcomeUnknown, or an Error that says why nothing was created.
Stored create(FlowService& service, const connection::BaseConnection& connection);

}  // namespace bqconn::flow
