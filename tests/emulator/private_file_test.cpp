#include "bqconn/emulator/private_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/core/private_file.hpp"
#include "emulator/certificate.hpp"

namespace bqconn::emulator {
namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

unsigned mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
}

// A file that everybody can read.
void create_readable_file(const std::string& path) {
    std::ofstream(path) << "what was there before, and longer";
    std::filesystem::permissions(path, std::filesystem::perms(0666));
}

TEST(PrivateFile, IsForTheOwnerAlone) {
    const TemporaryFolder folder;
    write_private_file(folder.file("a"), "text\n");
    EXPECT_EQ(content_of(folder.file("a")), "text\n");
    EXPECT_EQ(mode_of(folder.file("a")), 0600U);
    create_readable_file(folder.file("b"));
    write_private_file(folder.file("b"), "text\n");
    EXPECT_EQ(content_of(folder.file("b")), "text\n");
    EXPECT_EQ(mode_of(folder.file("b")), 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.file("")), {}), 2);
}

TEST(PrivateFile, CannotBeWritten) {
    const TemporaryFolder folder;
    try {
        write_private_file(folder.file("missing/a"), "text");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::config);
        EXPECT_NE(error.message().find("missing/a: No such file"), std::string::npos);
    }
    std::filesystem::create_directory(folder.file("folder"));
    EXPECT_THROW(write_private_file(folder.file("folder"), "text"), Error);
    std::filesystem::create_symlink("folder/target", folder.file("link"));
    EXPECT_THROW(write_private_file(folder.file("link"), "text"), Error);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.file("")), {}), 2);
}

TEST(PrivateLog, IsForTheOwnerAloneAndBeginsEmpty) {
    const TemporaryFolder folder;
    create_readable_file(folder.file("a"));
    PrivateLog log(folder.file("a"));
    EXPECT_EQ(mode_of(folder.file("a")), 0600U);
    EXPECT_TRUE(log.add_line("one"));
    EXPECT_TRUE(log.add_line("two"));
    EXPECT_EQ(content_of(folder.file("a")), "one\ntwo\n");
}

TEST(PrivateLog, FollowsNoSymbolicLink) {
    const TemporaryFolder folder;
    create_readable_file(folder.file("a"));
    std::filesystem::create_symlink(folder.file("a"), folder.file("link"));
    EXPECT_THROW(PrivateLog(folder.file("link")), Error);
    EXPECT_EQ(content_of(folder.file("a")), "what was there before, and longer");
}

TEST(PrivateLog, LinesOfSeveralThreadsStayWhole) {
    const TemporaryFolder folder;
    PrivateLog log(folder.file("a"));
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 50; ++j) {
                log.add_line(std::string(5000, 'x'));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    std::ifstream file(folder.file("a"));
    std::string line;
    int lines = 0;
    while (std::getline(file, line)) {
        EXPECT_EQ(line.size(), 5000U);
        ++lines;
    }
    EXPECT_EQ(lines, 200);
}

TEST(PrivateLog, SaysWhenALineIsLost) {
    const unsigned mode = mode_of("/dev/full");
    PrivateLog log("/dev/full");
    EXPECT_FALSE(log.add_line("x"));
    EXPECT_EQ(mode_of("/dev/full"), mode);
}

}  // namespace
}  // namespace bqconn::emulator
