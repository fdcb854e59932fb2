package dev.atalaya.job.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component that was added to a record later. While it says nothing it is no part of the {@link
 * ConfigHash}, so that the hash of a configuration of earlier times stays.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Later {}
